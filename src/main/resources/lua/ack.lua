-- Removes jobs that are done. O(K log L).
--
-- ARGV     for each lease: id, stamp
-- Returns  now in us, then for each lease: 1 done, 0 lost
-- Keeps    only the lease in force, and not run out, can end its job. Removes first: it works
--          out of memory.
local reply, acked = {now_us}, 0

for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local expiry = lease_of(id, ARGV[i + 1])
  local held = expiry and expiry > now_ms
  if held then
    redis.call('ZREM', LEASES, id)
    forget(id)
    acked = acked + 1
  end
  reply[#reply + 1] = held and 1 or 0
end

count('acked', acked)
return reply
