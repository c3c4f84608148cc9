-- Stands before every script: the clock, the keys, the announcement; records.lua and limits.lua
-- follow it.
--
-- KEYS     1 pending, 2 jobs, 3 deliveries, 4 leases, 5 dead, 6 meta of one shard
-- ARGV[1]  what a test adds to TIME, ms; 0 in production
local PENDING, JOBS, DELIVERIES, LEASES, DEAD, META =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
-- Where the pollers of the shard listen.
local CHANNEL = string.sub(PENDING, 1, -8) .. 'head'
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2] + ARGV[1] * 1000
local now_ms = math.floor(now_us / 1000)

-- Rounded up, so that a delay is never shorter than asked for.
local function resolve(kind, ms)
  if kind == 'after' then return math.ceil(now_us / 1000) + ms end
  return tonumber(ms)
end

-- HMGET or ZMSCORE, also of nothing, which Redis refuses.
local function many(command, key, ids)
  return #ids > 0 and redis.call(command, key, unpack(ids)) or {}
end

local function head(index)
  return tonumber(redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')[2])
end

-- Tells the pollers of the shard to ask again, if there is a job to ask for.
local function wake()
  local first = head(PENDING)
  if first then redis.call('PUBLISH', CHANNEL, string.format('%.0f', first)) end
end

-- Does so, if the head moved to an earlier time.
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
end
