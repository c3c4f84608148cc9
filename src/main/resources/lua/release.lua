-- Ends leases without an Ack: back to pending, or to the dead. O(K log N).
--
-- Lib        records, deliveries, dead, expiry, admission
-- ARGV[2]    including_expired  flag    whether a lease that ran out can be released
-- ARGV[3]    max_dead           number  dead jobs to keep
-- ARGV[4]    max_dead_age_ms    ms      to keep them
-- ARGV[5+6i] id                 id      of each lease
-- ARGV[6+6i] lease_id           lease
-- ARGV[7+6i] target             code    1 at, 2 after: pending, due then; 3 as_it_was, 4 dead
-- ARGV[8+6i] ms                 ms      due time, or from now
-- ARGV[9+6i] is_counted         flag    whether the delivery is a failed attempt
-- ARGV[10+6i] reason            text    '' keeps the last one
-- Returns    now in us, then for each lease: 1 ended, 0 lost, 2 run_over: a run of a job that
--            recurs is over, and all is as it was; renew ends it. Behind a 2: record without
--            payload, or '' if it is missing or unreadable
-- Keeps      an id moves from leases to pending or dead. Removes first: it works out of memory.
local AFTER, AS_IT_WAS, DEAD_NOW = '2', '3', '4'
local before, reply, retried, died, ended = head(PENDING), {now_us}, 0, 0, 0
local most = most_out()
check('HLEN', JOBS)

for i = 5, #ARGV, 6 do
  local id, target, counted, reason = ARGV[i], ARGV[i + 2], ARGV[i + 4] == '1', ARGV[i + 5]
  local expiry = expiry_of(id, ARGV[i + 1])
  local held = expiry and (ARGV[2] == '1' or expiry > now_ms)
  local failed, due, _, failures, recurs = delivery(id)
  local over = held and recurs and (target == DEAD_NOW or is_nobodys(ARGV[i + 1]))
  local can_end = target ~= DEAD_NOW or held and intact(redis.pcall('ZCARD', DEAD))
  if held and not over and can_end then
    ended = ended + redis.call('ZREM', LEASES, id)
    failures = add_failure(failures, reason, counted and failed == 0)
    if counted then failed = failed + 1 end
    if target == DEAD_NOW then
      redis.call('ZADD', DEAD, now_ms, id)
      died = died + 1
    else
      local again = target == AS_IT_WAS and (due or now_ms)
        or due_at(target == AFTER, ARGV[i + 3])
      redis.call('ZADD', PENDING, again, id)
      if failed == 0 then limit_wait(id, again, failed, redis.call('HGET', JOBS, id)) end
      if counted then retried = retried + 1 end
    end
    keep_delivery(id, failed, due or now_ms, failures, target == DEAD_NOW)
  end
  reply[#reply + 1] = over and 2 or held and 1 or 0
  if over then reply[#reply + 1] = without_payload(redis.call('HGET', JOBS, id)) end
end

count('retried', retried)
count('died', died)
if died > 0 then drop_dead(tonumber(ARGV[3]), tonumber(ARGV[4])) end
if not freed(ended, most) then announce(before) end
return damage or reply
