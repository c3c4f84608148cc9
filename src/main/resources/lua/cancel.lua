-- Takes jobs back; the answer is a verdict. O(B log N).
--
-- Lib        records, deliveries, expiry, admission, repeats
-- KEYS[8]    requests        only where a request has an id
-- KEYS[9]    older_requests  only where a request has an id
-- ARGV[2]    window_ms     ms      for which a request is known by its id
-- ARGV[3+3i] id            id      of each job
-- ARGV[4+3i] cancel_leased flag    whether a watcher that holds it loses it
-- ARGV[5+3i] request_id    binary  name 14; '' without one
-- Returns    now in us, then for each job: outcome (0 over: nothing is done before that is ended,
--            1 canceled, now or by this request before, 2 leased, 3 not_found) and the id of the
--            lease that it took, or ''
-- Keeps      a canceled id is in no index and has no record. Removes first, so that it works when
--            Redis is out of memory.
local reply, requests, canceled, ended = {now_us}, {}, 0, 0
for i = 3, #ARGV, 3 do requests[#requests + 1] = ARGV[i + 2] end
local recall, keep, write_kept = repeats(requests, tonumber(ARGV[2]), true)
local most = most_out()
check('ZCARD', TTLS)
check('HLEN', JOBS, DELIVERIES)

for i = 3, #ARGV, 3 do
  local id, outcome, taken = ARGV[i], 3, ''
  if is_over(id) then
    outcome = 0
  elseif recall(ARGV[i + 2]) then
    outcome = 1
  else
    if redis.call('ZREM', PENDING, id) == 1
      or intact(redis.pcall('ZREM', DEAD, id)) == 1 then
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
      keep(ARGV[i + 2], 1, 0)
      canceled = canceled + 1
    end
  end
  reply[#reply + 1] = outcome
  reply[#reply + 1] = taken
end

count('canceled', canceled)
freed(ended, most)
write_kept()
return damage or reply
