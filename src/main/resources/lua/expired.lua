-- Drops jobs whose ttl has passed, and dead jobs that are too many or too old; lists leases that
-- ran out, which release ends. O(K log N).
--
-- Lib        records, deliveries, dead, expiry
-- ARGV[2]    most             number  jobs, and leases, that were over first; 0: those named
-- ARGV[3]    passed_by        number  leases that were over first and are left as they are
-- ARGV[4]    max_dead         number  dead jobs to keep
-- ARGV[5]    max_dead_age_ms  ms      to keep them
-- ARGV[6+i]  id               id      of each job, if they are named
-- Returns    now in us, when the next one behind those is over ms or -1, jobs and runs dropped for
--            their ttl, then for each lease: id, lease id, failed attempts, record without payload
-- Keeps      what ttls says is corrected by the record of the job: replicas of earlier versions do
--            not tell it. Where nothing is over it writes nothing, but shortens leases of before
--            the clock was set back. Removes first: it works out of memory.
local dropped = 0
check('ZCARD', PENDING, LEASES)
check('HLEN', JOBS, DELIVERIES)
shorten_leases()

local function look(id)
  local due, record = time_of(redis.call('ZSCORE', PENDING, id)), redis.call('HGET', JOBS, id)
  local payload_at, sections = nil, NO_SECTIONS
  if due and record then payload_at, sections = parse(record) end
  local failed, _, _, failures = delivery(id)
  local ttl = payload_at and failed == 0 and ttl_of(record, sections) or 0
  if ttl > 0 and now_ms > due + ttl then
    end_wait(id, due, sections[HAS_SERIES], failures)
    dropped = dropped + 1
  elseif payload_at then
    limit_wait(id, due, failed, record)
  else
    redis.call('ZREM', TTLS, id)
  end
end

local function first_over(index, passed_by)
  return redis.call('ZRANGEBYSCORE', index, '-inf', now_ms, 'LIMIT', passed_by, ARGV[2])
end

-- Leases end also where dead or ttls is of another type.
local trimmed, next_wait = 0, nil
if intact(redis.pcall('ZCARD', DEAD)) then
  trimmed = drop_dead(tonumber(ARGV[4]), tonumber(ARGV[5]))
end
if intact(redis.pcall('ZCARD', TTLS)) then
  for _, id in ipairs(first_over(TTLS, 0)) do look(id) end
  for i = 6, #ARGV do look(ARGV[i]) end
  next_wait = head(TTLS)
end

local ids = first_over(LEASES, ARGV[3])
local behind = ARGV[3] + #ids
local next_lease = time_of(redis.call('ZRANGE', LEASES, behind, behind, 'WITHSCORES')[2])
for i = 6, #ARGV do
  local expiry = tonumber(redis.call('ZSCORE', LEASES, ARGV[i]))
  if expiry and expiry <= now_ms then ids[#ids + 1] = ARGV[i] end
end

local next_ms = earlier(next_lease, next_wait)
-- More dead jobs than one call drops.
if trimmed == 100 then next_ms = now_ms end
local reply = {now_us, next_ms, dropped}
for _, id in ipairs(ids) do
  local record = redis.call('HGET', JOBS, id)
  if record then
    local failed, _, lease_id = delivery(id)
    for _, field in ipairs({id, lease_id, failed, without_payload(record)}) do
      reply[#reply + 1] = field
    end
  else
    redis.call('ZREM', LEASES, id)
    redis.call('HDEL', DELIVERIES, id)
  end
end

return reply
