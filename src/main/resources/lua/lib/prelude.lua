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
-- As Due.MAX_MS.
local LAST_MS = 253402300799999

-- A number, if the text is one and in range, where integers are exact; else nothing: not set.
local function number(text, least, most)
  local n = tonumber(text)
  return n and n >= least and n <= (most or 2 ^ 53) and n or nil
end

-- A score as a time, wherever damage put it.
local function time_of(score) return score and math.max(0, math.min(score, LAST_MS)) end

-- Before the first write: fails if a key that it will need is of another type.
local function check(command, ...)
  for _, key in ipairs({...}) do redis.call(command, key) end
end

-- What pcall gave, or nothing if that is an error, which a script can return at its end.
local damage
local function intact(result)
  if type(result) ~= 'table' or not result.err then return result end
  damage = result
end

-- Whether pcall gave the error of a command for another type.
local function is_wrong_type(result)
  return type(result) == 'table' and string.find(result.err or '', 'WRONGTYPE', 1, true) ~= nil
end

-- HMGET or ZMSCORE, also of nothing, which Redis refuses.
local function many(command, key, ids)
  return #ids > 0 and redis.call(command, key, unpack(ids)) or {}
end

local function head(index)
  return time_of(redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')[2])
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

-- A counter that is no number begins anew: no transition fails for a statistic.
local function count(counter, n)
  if n > 0 and type(redis.pcall('HINCRBY', META, counter, n)) == 'table' then
    redis.call('HSET', META, counter, n)
  end
end

local function forget(id)
  redis.call('HDEL', JOBS, id)
  redis.call('HDEL', DELIVERIES, id)
  -- It holds nothing if it is of another type.
  redis.pcall('ZREM', TTLS, id)
end
