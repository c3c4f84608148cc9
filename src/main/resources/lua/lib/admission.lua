-- Behind expiry: what a pause and the shard's share of its queue's limits let through. Fields of
-- meta, each missing where nothing is set: paused | rate (deliveries a second) | outstanding
-- (leases out) | capacity (pending jobs) | stream (see deliver); and tat, us: the theoretical
-- arrival time of the next delivery by the rate (Generic Cell Rate Algorithm, ITU-T I.371). A limit
-- that is no number, or out of range, counts as not set: the queue goes on.

-- By how much deliveries may be early: else a poller that is a little late would lose some.
local BURST_US = 100000
-- A poller asks no sooner for what the rate allows next: a few jobs at once cost less.
local PACE_MS = 10

local function rate_of(text) return number(text, 1e-9) end
local function limit_of(text)
  local most = number(text, 1)
  return most and math.floor(most)
end

-- How many more jobs may go out now, to watchers or to the stream; a function that takes how many
-- did and returns the next ms to ask at, or -1: somebody will wake the pollers; and field stream.
local function admit(to_stream)
  local meta = redis.call('HMGET', META, 'paused', 'rate', 'outstanding', 'tat', 'stream')
  local rate, most = rate_of(meta[2]), not to_stream and limit_of(meta[3])
  local held = meta[1] or (meta[5] and true or false) ~= (to_stream or false)
  local interval = rate and 1000000 / rate
  local free, left, tat = math.huge, math.huge, nil
  -- A lease that ran out, but was not ended yet, is out no longer.
  if most then left = most - redis.call('ZCARD', LEASES) + count_over() end
  if rate then
    tat = number(meta[4], 0) or 0
    -- Only before the clock was set back could it be so far ahead: the queue does not wait for it.
    if tat > now_us + 1.01 * interval + BURST_US then tat = now_us end
    tat = math.max(tat, now_us)
    free = math.floor((now_us + BURST_US - tat) / interval + 1.001)
  end
  free = held and 0 or math.max(0, math.min(free, left))
  return free, function(served)
    if rate and served > 0 then
      tat = tat + served * interval
      redis.call('HSET', META, 'tat', string.format('%.0f', tat))
    end
    if held or not rate or left <= served then return -1 end
    return math.max(math.ceil((tat - BURST_US) / 1000), now_ms + PACE_MS)
  end, meta[5]
end

-- How many leases may be out, or nothing. Read before leases end: it shows that meta is intact.
local function most_out() return limit_of(redis.call('HGET', META, 'outstanding')) end

-- Call after n leases ended. Wakes pollers blocked by the limit of leases; returns whether it did.
local function freed(n, most)
  local held = n > 0 and most and redis.call('ZCARD', LEASES) + n >= most
  if held then wake() end
  return held
end

-- How many more pending jobs the shard takes. Leases that are over count, since most of their jobs
-- will be pending; some may be dead, and waits be over, so who finds no room has them ended.
local function room_of()
  local capacity = limit_of(redis.call('HGET', META, 'capacity'))
  if not capacity then return math.huge end
  return capacity - redis.call('ZCARD', PENDING) - count_over()
end
