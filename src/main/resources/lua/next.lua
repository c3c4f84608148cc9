-- Tells what time brings next in a shard, and which leases are out. O(log N + K).
--
-- Lib        records, deliveries, expiry, admission
-- ARGV[2]    most  number  leases to tell, those that end first
-- Returns    now in us, leases and waits that are over but not ended, due jobs, 1 if they may go
--            out now else 0, ms at which the rate lets the next one go or -1, first ms behind now
--            at which a job is due or its wait is over or -1, deliveries since the queue was
--            created, 1 if they go to the Redis Stream else 0, then for each lease: id, lease id,
--            expiry ms
-- Keeps      writes nothing.
local now = string.format('%.0f', now_ms)

local function behind(index)
  return time_of(redis.call('ZRANGEBYSCORE', index, '(' .. now, '+inf', 'WITHSCORES',
    'LIMIT', 0, 1)[2])
end

local meta = redis.call('HMGET', META, 'dispatched', 'stream')
local free, settle = admit(meta[2] and true or false)
local leases, waits = count_over()
local due, wait = behind(PENDING), behind(TTLS)
local reply = {
  now_us, leases + waits, redis.call('ZCOUNT', PENDING, '-inf', now) - waits, free > 0 and 1 or 0,
  free > 0 and -1 or settle(0), math.min(due or wait or -1, wait or due or -1),
  number(meta[1], 0) or 0, meta[2] and 1 or 0,
}
local out = redis.call('ZRANGEBYSCORE', LEASES, '(' .. now, '+inf', 'WITHSCORES',
  'LIMIT', 0, ARGV[2])
local ids = {}
for i = 1, #out, 2 do ids[#ids + 1] = out[i] end
for i, packed in ipairs(many('HMGET', DELIVERIES, ids)) do
  local _, _, lease_id = unpack_delivery(packed)
  for _, field in ipairs({ids[i], lease_id, time_of(out[2 * i])}) do reply[#reply + 1] = field end
end
return reply
