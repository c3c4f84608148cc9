-- Stands before every script: the clock, the keys, the layouts, the announcement.
--
-- KEYS     1 pending, 2 jobs, 3 deliveries, 4 leases, 5 dead, 6 meta of one shard
-- ARGV[1]  what a test adds to TIME, ms; 0 in production
--
-- Record:   layout 1 | due ms 6 | created ms 6 | request, which is never changed:
--           flags 1 (1 a delay, 2 has ttl, 4 has meta) | due or delay ms as given 6
--           | ttl ms 6 | length of meta 4 | meta (policy, attributes) | payload
-- Delivery: failed attempts 4 | due ms 6 | stamp 28 (zero: no lease) | last failure
-- Numbers are big-endian. A stamp is fence 8 | random 8 | replica 8 | watcher 4.
local PENDING, JOBS, DELIVERIES, LEASES, DEAD, META =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2] + ARGV[1] * 1000
local now_ms = math.floor(now_us / 1000)
local NO_STAMP = string.rep('\0', 28)

-- Rounded up, so that a delay is never shorter than asked for.
local function resolve(kind, ms)
  if kind == 'after' then return math.ceil(now_us / 1000) + ms end
  return tonumber(ms)
end

local function flags_of(record)
  local flags = string.byte(record, 14)
  return bit.band(flags, 2) > 0, bit.band(flags, 4) > 0
end

-- 0: none.
local function ttl_of(record) return flags_of(record) and struct.unpack('>I6', record, 21) or 0 end

local function without_payload(record)
  local has_ttl, has_meta = flags_of(record)
  local meta = has_ttl and 27 or 21
  return string.sub(record, 1, has_meta and meta + 3 + struct.unpack('>I4', record, meta) or meta - 1)
end

local function with_due(record, due)
  return string.sub(record, 1, 1) .. struct.pack('>I6', due) .. string.sub(record, 8)
end

local function pack_delivery(failed, due, stamp, failure)
  return struct.pack('>I4I6', failed, due) .. stamp .. failure
end

local function stamp_of(side) return string.sub(side, 11, 38) end

-- Gives failed attempts, due time, stamp and last failure.
local function unpack_delivery(side)
  if not side then return 0, nil, NO_STAMP, '' end
  local failed, due = struct.unpack('>I4I6', side)
  return failed, due, stamp_of(side), string.sub(side, 39)
end

local function delivery(id) return unpack_delivery(redis.call('HGET', DELIVERIES, id)) end

-- The expiry of the lease if this stamp is the one in force, or nil.
local function lease_of(id, stamp)
  local expiry = redis.call('ZSCORE', LEASES, id)
  if not expiry then return nil end
  local _, _, current = delivery(id)
  return current == stamp and tonumber(expiry) or nil
end

-- HMGET or ZMSCORE, also of nothing, which Redis refuses.
local function many(command, key, ids)
  return #ids > 0 and redis.call(command, key, unpack(ids)) or {}
end

local function head(index)
  return tonumber(redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')[2])
end

-- Tells the pollers of the shard, if the head moved to an earlier time.
local function announce(channel, before)
  local after = head(PENDING)
  if after and (not before or after < before) then
    redis.call('PUBLISH', channel, string.format('%.0f', after))
  end
end

local function count(counter, n)
  if n > 0 then redis.call('HINCRBY', META, counter, n) end
end

local function forget(id)
  redis.call('HDEL', JOBS, id)
  redis.call('HDEL', DELIVERIES, id)
end
