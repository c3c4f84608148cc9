-- Finds leases that certain claims gave, from the end of the index down. O(log L + K).
--
-- Lib        deliveries
-- ARGV[2]    before  number  rank to stop before; -1 begins
-- ARGV[3]    most    number  leases to look at
-- ARGV[4+i]  nonce   binary  8 bytes, of each claim: the second 8 of its lease ids
-- Returns    now in us, rank to go on from (0: all were looked at), then for each lease found:
--            id, lease id
-- Keeps      writes nothing. Downwards, leases that end between two calls hide none.
local to, nonces = redis.call('ZCARD', LEASES), {}
if ARGV[2] ~= '-1' then to = math.min(to, ARGV[2]) end
local from = math.max(0, to - ARGV[3])
for i = 4, #ARGV do nonces[ARGV[i]] = true end

local reply, ids = {now_us, from}, {}
if to > from then ids = redis.call('ZRANGE', LEASES, from, to - 1) end
for i, packed in ipairs(many('HMGET', DELIVERIES, ids)) do
  local lease_id = packed and lease_of(packed) or ''
  if #lease_id == #NO_LEASE and nonces[string.sub(lease_id, 9, 16)] then
    reply[#reply + 1] = ids[i]
    reply[#reply + 1] = lease_id
  end
end

return reply
