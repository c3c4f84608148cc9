-- Ends runs of jobs that recur, and sets their next ones. O(K log N).
--
-- Lib        records, deliveries, dead, expiry, admission, runs
-- ARGV[2]    max_dead         number  dead jobs to keep
-- ARGV[3]    max_dead_age_ms  ms      to keep them
-- ARGV[4+9i] id               id      of each lease
-- ARGV[5+9i] lease_id         lease
-- ARGV[6+9i] ended            code    1 completed, 2 died, 3 expired, 4 broken: see lib/runs
-- ARGV[7+9i] next_due_ms      ms      of the next run; -1: the series is over
-- ARGV[8+9i] completed        number  runs in all
-- ARGV[9+9i] died             number  runs in all
-- ARGV[10+9i] missed          number  runs in all
-- ARGV[11+9i] is_counted      flag    whether the delivery is a failed attempt
-- ARGV[12+9i] reason          text    '' keeps the last one
-- Returns    now in us, then for each lease: 1 the run is ended, 0 lost
-- Keeps      the run ends and the next one is pending in one step, or the job is gone, or dead if
--            the last run died. What was read of the job holds while its lease does, and a lease
--            that ran out may still be in force. Removes first: it works out of memory.
local before, counted, closed, reply = head(PENDING), {}, 0, {now_us}
local most = most_out()
check('HLEN', JOBS)
local function tally(counter) counted[counter] = (counted[counter] or 0) + 1 end

for i = 4, #ARGV, 9 do
  local id, reason = ARGV[i], ARGV[i + 8]
  local held = expiry_of(id, ARGV[i + 1])
  if held and (not is_last(i + 2) or intact(redis.pcall('ZCARD', DEAD))) then
    local failed, due, _, failures = delivery(id)
    closed = closed + redis.call('ZREM', LEASES, id)
    if ARGV[i + 2] == COMPLETED then failures = '' end
    failures = add_failure(failures, reason, ARGV[i + 7] == '1' and failed == 0)
    local ended, goes_on = end_run(id, redis.call('HGET', JOBS, id), i + 2,
      failed + ARGV[i + 7], due or now_ms, failures)
    tally(ENDED[ended])
    if goes_on then tally('renewed') end
  end
  reply[#reply + 1] = held and 1 or 0
end

for counter, n in pairs(counted) do count(counter, n) end
if counted.died then drop_dead(tonumber(ARGV[2]), tonumber(ARGV[3])) end
if not freed(closed, most) then announce(before) end
return damage or reply
