-- Stands behind records.lua: this shard's share of what is set for its queue, and what is kept of
-- the dead.
--
-- Fields of meta, each missing where nothing is set: paused | rate (deliveries a second)
-- | outstanding (leases out) | capacity (pending jobs) | stream (due jobs go there: its longest
-- length, a space, its consumer group); and paid (us): until when the deliveries of the past have
-- used up the rate (a leaky bucket, the Generic Cell Rate Algorithm of ATM).

-- What was not delivered is not lost for so long beyond one delivery: else a poller that is a
-- little late would cost a part of the rate.
local BURST_US = 100000
-- A poller asks no sooner for what the rate allows next: a few jobs at once cost less.
local PACE_MS = 10

-- How many more jobs may go out now, to watchers or to the stream; a function that takes how many
-- did and gives the next ms to ask at, or -1: somebody will wake the pollers; and the field stream.
local function admit(to_stream)
  local meta = redis.call('HMGET', META, 'paused', 'rate', 'outstanding', 'paid', 'stream')
  local rate, most = tonumber(meta[2]), not to_stream and tonumber(meta[3])
  local held = meta[1] or (meta[5] and true or false) ~= (to_stream or false)
  local interval = rate and 1000000 / rate
  local free, left, paid = math.huge, math.huge, nil
  if most then left = most - redis.call('ZCARD', LEASES) end
  if rate then
    -- A clock that was set back does not stop the queue.
    paid = math.min(tonumber(meta[4]) or 0, now_us)
    paid = math.max(paid, math.floor(now_us - interval - BURST_US))
    free = math.floor((now_us - paid) / interval + 0.001)
  end
  free = held and 0 or math.max(0, math.min(free, left))
  return free, function(served)
    if rate and served > 0 then
      paid = paid + served * interval
      redis.call('HSET', META, 'paid', string.format('%.0f', paid))
    end
    if held or not rate or left <= served then return -1 end
    return math.max(math.ceil((paid + interval) / 1000), now_ms + PACE_MS)
  end, meta[5]
end

-- So many leases ended. Wakes the pollers if they wait for that, and says so.
local function freed(ended)
  local most = ended > 0 and tonumber(redis.call('HGET', META, 'outstanding'))
  local held = most and redis.call('ZCARD', LEASES) + ended >= most
  if held then wake() end
  return held
end

-- How many more jobs the shard takes.
local function room_of()
  local capacity = tonumber(redis.call('HGET', META, 'capacity'))
  return capacity and capacity - redis.call('ZCARD', PENDING) or math.huge
end

-- Puts a job to the dead for people to look at, and says how many that are.
local function bury(id, due_ms, why)
  redis.call('HSET', DELIVERIES, id, pack_delivery(delivery(id), due_ms, NO_STAMP, why))
  return redis.call('ZADD', DEAD, now_ms, id)
end

-- Drops dead jobs beyond a number or an age, the oldest first; says how many, at most 100.
local function drop_dead(most, age_ms)
  local over = redis.call('ZCARD', DEAD) - most
  local ids = redis.call('ZRANGEBYSCORE', DEAD, '-inf', now_ms - age_ms, 'LIMIT', 0, 100)
  if #ids < math.min(over, 100) then
    ids = redis.call('ZRANGE', DEAD, 0, math.min(over, 100) - 1)
  end
  for _, id in ipairs(ids) do
    redis.call('ZREM', DEAD, id)
    forget(id)
  end
  count('dropped_dead', #ids)
  return #ids
end
