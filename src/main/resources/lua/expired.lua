-- Lists leases that ran out; release ends them. O(K log L).
--
-- Lib        records, deliveries
-- ARGV[2]    most  number  leases to list
-- Returns    now in us, next lease expiry ms after those listed or -1,
--            then for each lease: id, lease id, failed attempts, record without payload
-- Keeps      writes nothing but to drop a lease that has no record, and to shorten those of a time
--            before the clock was set back.
shorten_leases()
local ids = redis.call('ZRANGEBYSCORE', LEASES, '-inf', now_ms, 'LIMIT', 0, ARGV[2])
local next_lease = redis.call('ZRANGE', LEASES, #ids, #ids, 'WITHSCORES')
local reply = {now_us, tonumber(next_lease[2]) or -1}

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
