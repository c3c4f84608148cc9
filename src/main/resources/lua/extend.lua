-- Makes leases end later, never earlier. O(K log L).
--
-- Lib        deliveries
-- ARGV[2+3i] id        id     of each lease
-- ARGV[3+3i] lease_id  lease
-- ARGV[4+3i] lease_ms  ms     from now; 0 only asks
-- Returns    now in us, then for each lease: its expiry ms, or 0 if it is lost
-- Keeps      only the lease in force, and not run out, can be extended. Removes before it adds,
--            because Redis refuses a ZADD first when it is out of memory.
local reply, given = {now_us}, 0
local _, longest = given_leases()

for i = 2, #ARGV, 3 do
  local id = ARGV[i]
  local expiry = expiry_of(id, ARGV[i + 1])
  if not expiry or expiry <= now_ms then
    expiry = 0
  else
    local later = now_ms + ARGV[i + 2]
    if later > expiry then
      expiry = later
      redis.call('ZREM', LEASES, id)
      redis.call('ZADD', LEASES, expiry, id)
      given = math.max(given, ARGV[i + 2])
    end
  end
  reply[#reply + 1] = expiry
end

if given > longest then redis.call('HSET', META, 'longest', given) end
return reply
