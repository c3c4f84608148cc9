-- Takes jobs back; the answer is a verdict. O(B log N).
--
-- Lib        records, deliveries, expiry, admission
-- ARGV[2+2i] id             id    of each job
-- ARGV[3+2i] cancel_leased  flag  whether a watcher that holds it loses it
-- Returns    now in us, then for each job: outcome (0 over: nothing is done before that is ended,
--            1 canceled, 2 leased, 3 not_found) and the id of the lease that it took, or ''
-- Keeps      a canceled id is in no index and has no record. Removes first, so that it works when
--            Redis is out of memory.
local reply, canceled, ended = {now_us}, 0, 0

for i = 2, #ARGV, 2 do
  local id, outcome, taken = ARGV[i], 3, ''
  if is_over(id) then
    outcome = 0
  elseif redis.call('ZREM', PENDING, id) == 1 or redis.call('ZREM', DEAD, id) == 1 then
    outcome = 1
  else
    local leased = redis.call('ZSCORE', LEASES, id)
    if leased and ARGV[i + 1] == '0' then
      outcome = 2
    elseif leased then
      ended = ended + redis.call('ZREM', LEASES, id)
      local _, _, lease_id = delivery(id)
      outcome, taken = 1, lease_id
    end
  end
  if outcome == 1 then
    forget(id)
    canceled = canceled + 1
  end
  reply[#reply + 1] = outcome
  reply[#reply + 1] = taken
end

count('canceled', canceled)
freed(ended)
return reply
