-- Behind deliveries: how jobs become dead, and how many are kept.

-- Makes a job dead that somebody has to look at; returns 1.
local function bury(id, due, why)
  redis.pcall('ZREM', TTLS, id)
  local failed, _, _, failures = delivery(id)
  redis.call('HSET', DELIVERIES, id,
    pack_delivery(failed, due, NO_LEASE, add_failure(failures, why)))
  return redis.call('ZADD', DEAD, now_ms, id)
end

-- Drops dead jobs beyond a number or an age, the oldest first; returns how many, at most 100.
local function drop_dead(most, age_ms)
  -- Dead since a time that is still to come: the clock was set back, and their age begins anew.
  local ahead = redis.call('ZRANGEBYSCORE', DEAD, '(' .. string.format('%.0f', now_ms), '+inf',
    'LIMIT', 0, 100)
  for _, id in ipairs(ahead) do
    redis.call('ZREM', DEAD, id)
    redis.call('ZADD', DEAD, now_ms, id)
  end
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
