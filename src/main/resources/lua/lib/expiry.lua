-- Behind records and deliveries: what time ends by itself. A lease is over at its expiry; the wait
-- of a job that has a ttl, and that no delivery has failed of, is over behind its ttl, which ttls
-- tells. Script expired ends both; what else meets one tells its caller, who has it ended first.

-- Whether the lease or the wait of a job is over, and was not ended yet.
local function is_over(id)
  local ends = redis.call('ZSCORE', LEASES, id) or redis.call('ZSCORE', TTLS, id)
  return ends and tonumber(ends) <= now_ms
end

-- When the next lease or wait is over, ms, or -1.
local function earlier(lease, wait) return math.min(lease or wait or -1, wait or lease or -1) end

-- How many leases are over, and how many waits.
local function count_over()
  return redis.call('ZCOUNT', LEASES, '-inf', now_ms), redis.call('ZCOUNT', TTLS, '-inf', now_ms)
end

-- Keeps when the wait of a job that was put into pending is over, if it can be.
local function limit_wait(id, due, failed, record)
  local payload_at, sections = nil, NO_SECTIONS
  if record then payload_at, sections = parse(record) end
  local ttl = payload_at and failed == 0 and ttl_of(record, sections) or 0
  -- Where ttls is of another type, the job is as of an earlier version.
  redis.pcall('ZREM', TTLS, id)
  if ttl > 0 then redis.pcall('ZADD', TTLS, due + ttl + 1, id) end
end

-- The same of a job that is in pending already: replicas of earlier versions do not tell ttls.
local function find_wait(id, due, record)
  local _, sections = parse(record)
  if sections and sections[HAS_TTL] and not redis.call('ZSCORE', TTLS, id) then
    limit_wait(id, due, delivery(id), record)
  end
end

-- Ends a wait that is over: the job is gone; or, if it recurs, its run has a lease that is nobody's
-- and over, so that renew sets the next one.
local function end_wait(id, due, recurs, failures)
  redis.call('ZREM', PENDING, id)
  redis.call('ZREM', TTLS, id)
  if recurs then
    redis.call('HSET', DELIVERIES, id, pack_delivery(0, due, nobodys_lease(), failures, true))
    redis.call('ZADD', LEASES, now_ms, id)
  else
    forget(id)
    count('expired', 1)
  end
end
