-- Finds leases that certain claims gave, from the end of the index down. O(log L + K).
--
-- ARGV     2 rank to stop before, or -1 to begin, 3 most leases to look at,
--          then for each claim: its salt, the second 8 bytes of its stamps
-- Returns  now in us, rank to go on from (0: all were looked at), then for each lease found:
--          id, stamp
-- Keeps    writes nothing. Downwards, leases that end between two calls hide none.
local to, salts = redis.call('ZCARD', LEASES), {}
if ARGV[2] ~= '-1' then to = math.min(to, ARGV[2]) end
local from = math.max(0, to - ARGV[3])
for i = 4, #ARGV do salts[ARGV[i]] = true end

local reply, ids = {now_us, from}, {}
if to > from then ids = redis.call('ZRANGE', LEASES, from, to - 1) end
for i, side in ipairs(many('HMGET', DELIVERIES, ids)) do
  local stamp = side and stamp_of(side) or ''
  if #stamp == #NO_STAMP and salts[string.sub(stamp, 9, 16)] then
    reply[#reply + 1] = ids[i]
    reply[#reply + 1] = stamp
  end
end

return reply
