-- Ends runs of jobs that recur, and sets their next ones. O(K log N).
--
-- ARGV     2 most dead jobs to keep, 3 how long, ms; then for each lease: id, stamp, how the run
--          ended (completed | died | expired), due ms of the next run or -1 if the series is over,
--          runs completed, died, missed in all, 1 if the attempt counts else 0, reason ('' keeps
--          the last one)
-- Returns  now in us, then for each lease: 1 the run is ended, 0 lost
-- Keeps    the run ends and the next one is pending in one step, or the job is gone, or dead if
--          the last run died. What was read of the job holds while its lease does, and a lease
--          that ran out may still be in force. Removes first: it works out of memory.
local COUNTERS = {completed = 'acked', died = 'died', expired = 'expired'}
local before, counted, closed, reply = head(PENDING), {}, 0, {now_us}

for i = 4, #ARGV, 9 do
  local id, ended, next_due, reason = ARGV[i], ARGV[i + 2], tonumber(ARGV[i + 3]), ARGV[i + 8]
  local held = lease_of(id, ARGV[i + 1])
  if held then
    local failed, due, _, failure = delivery(id)
    local record = redis.call('HGET', JOBS, id)
    closed = closed + redis.call('ZREM', LEASES, id)
    if ended == 'completed' then failure = '' end
    if reason ~= '' then failure = reason end
    if not record or (next_due < 0 and ended ~= 'died') then
      forget(id)
    else
      local goes_on = next_due >= 0
      failed = goes_on and 0 or failed + ARGV[i + 7]
      if is_readable(record) then
        redis.call('HSET', JOBS, id, with_run(record, goes_on and next_due or due_of(record),
          ARGV[i + 4], ARGV[i + 5], ARGV[i + 6]))
      end
      redis.call('ZADD', goes_on and PENDING or DEAD, goes_on and next_due or now_ms, id)
      if failed == 0 and failure == '' then
        redis.call('HDEL', DELIVERIES, id)
      else
        redis.call('HSET', DELIVERIES, id, pack_delivery(failed, due or now_ms, NO_STAMP, failure))
      end
      if goes_on then counted.renewed = (counted.renewed or 0) + 1 end
    end
    counted[COUNTERS[ended]] = (counted[COUNTERS[ended]] or 0) + 1
  end
  reply[#reply + 1] = held and 1 or 0
end

for counter, n in pairs(counted) do count(counter, n) end
if counted.died then drop_dead(tonumber(ARGV[2]), tonumber(ARGV[3])) end
if not freed(closed) then announce(before) end
return reply
