-- Comes before every script: the keys, the clock, the announcement. Java writes LAYOUT, the number
-- of the layout of records, in front of it, and behind it the fragments of lib/ that the head of
-- the script names.
--
-- KEYS[1]  pending
-- KEYS[2]  jobs
-- KEYS[3]  deliveries
-- KEYS[4]  leases
-- KEYS[5]  dead
-- KEYS[6]  meta
-- KEYS[7]  ttls
-- ARGV[1]  clock_offset_ms  ms  added to TIME; 0 but in tests
--
-- The last argument, which is taken off before the script sees the others, is how many shards the
-- caller thinks that the queue has. Where the shard does not say the same, which it does not after
-- a FLUSHALL, a restored snapshot or a failover either, the script does nothing and answers LAYOUT.
-- 0: the caller does not care.
local PENDING, JOBS, DELIVERIES, LEASES, DEAD, META, TTLS =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local shards = table.remove(ARGV)
if shards ~= '0' and redis.call('HGET', META, 'shards') ~= shards then
  return redis.error_reply('LAYOUT the queue has other shards, or is gone')
end
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2] + ARGV[1] * 1000
local now_ms = math.floor(now_us / 1000)

-- A due time. A delay is rounded up, so that it is never shorter than asked for.
local function due_at(is_delay, ms)
  return is_delay and math.ceil(now_us / 1000) + ms or tonumber(ms)
end

-- HMGET or ZMSCORE, also of nothing, which Redis refuses.
local function many(command, key, ids)
  return #ids > 0 and redis.call(command, key, unpack(ids)) or {}
end

local function head(index)
  return tonumber(redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')[2])
end

-- Tells the pollers of the shard to ask again, if a job is pending. The channel has the name of
-- the index whose head it announces.
local function wake()
  local first = head(PENDING)
  if first then redis.call('PUBLISH', PENDING, string.format('%.0f', first)) end
end

-- Wakes the pollers if the head became earlier than it was.
local function announce(before)
  local after = head(PENDING)
  if after and (not before or after < before) then wake() end
end

local function count(counter, n)
  if n > 0 then redis.call('HINCRBY', META, counter, n) end
end

local function forget(id)
  redis.call('HDEL', JOBS, id)
  redis.call('HDEL', DELIVERIES, id)
  redis.call('ZREM', TTLS, id)
end
