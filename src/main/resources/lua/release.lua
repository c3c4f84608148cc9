-- Ends leases without an Ack: back to pending, or to the dead. O(K log N).
--
-- ARGV     2 1 if a lease that ran out counts as lost, else 0, 3 most dead jobs to keep,
--          4 how long, ms; then for each lease: id, stamp, at | after | due (as it was) | dead, ms,
--          1 if the attempt counts else 0, reason ('' keeps the last one)
-- Returns  now in us, then for each lease: 1 released, 0 lost, 2 a run of a job that recurs
--          is over, and all is as it was: renew ends it
-- Keeps    an id moves from leases to pending or dead. Removes first: it works out of memory.
local strict, before, reply = ARGV[2] == '1', head(PENDING), {now_us}
local retried, died, ended = 0, 0, 0

for i = 5, #ARGV, 6 do
  local id, target, counted, reason = ARGV[i], ARGV[i + 2], ARGV[i + 4] == '1', ARGV[i + 5]
  local expiry = lease_of(id, ARGV[i + 1])
  local held = expiry and (not strict or expiry > now_ms)
  local failed, due, _, failure, recurring = delivery(id)
  local over = held and recurring and (target == 'dead' or is_nobodys(ARGV[i + 1]))
  if held and not over then
    ended = ended + redis.call('ZREM', LEASES, id)
    if counted then failed = failed + 1 end
    if reason ~= '' then failure = reason end
    if target == 'dead' then
      redis.call('ZADD', DEAD, now_ms, id)
      died = died + 1
    else
      local again = target == 'due' and (due or now_ms) or resolve(target, ARGV[i + 3])
      redis.call('ZADD', PENDING, again, id)
      if counted then retried = retried + 1 end
    end
    if failed == 0 and failure == '' then
      redis.call('HDEL', DELIVERIES, id)
    else
      redis.call('HSET', DELIVERIES, id, pack_delivery(failed, due or now_ms, NO_STAMP, failure))
    end
  end
  reply[#reply + 1] = over and 2 or held and 1 or 0
end

count('retried', retried)
count('died', died)
if died > 0 then drop_dead(tonumber(ARGV[3]), tonumber(ARGV[4])) end
if not freed(ended) then announce(before) end
return reply
