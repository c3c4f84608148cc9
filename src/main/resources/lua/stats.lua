-- Counts what the shard holds, and what went through it. O(log N + replicas).
--
-- Returns    now in us, 1 if paused else 0, limits of the whole queue or '', pending, due, leased
--            and dead jobs, first due ms or -1, then since the queue came to be: scheduled,
--            dispatched, acked, retried, died, canceled, expired; watchers now; field stream or
--            ''; dead jobs that were dropped
-- Keeps      writes nothing.
local meta = redis.call('HMGET', META, 'paused', 'limits', 'scheduled', 'dispatched', 'acked',
  'retried', 'died', 'canceled', 'expired', 'unreadable', 'watchers', 'stream',
  'dropped_dead')
local reply = {
  now_us, meta[1] and 1 or 0, meta[2] or '', redis.call('ZCARD', PENDING),
  redis.call('ZCOUNT', PENDING, '-inf', now_ms), redis.call('ZCARD', LEASES),
  redis.call('ZCARD', DEAD), head(PENDING) or -1,
}
for i = 3, 9 do reply[#reply + 1] = tonumber(meta[i]) or 0 end
-- Jobs that nobody could read are dead too.
reply[13] = reply[13] + (tonumber(meta[10]) or 0)

local watchers = 0
for n, until_ms, since in string.gmatch(meta[11] or '', '%x+ (%d+) (%d+) ?(%d*)') do
  if tonumber(until_ms) > now_ms and (tonumber(since) or 0) <= now_ms then
    watchers = watchers + n
  end
end
reply[#reply + 1] = watchers
reply[#reply + 1] = meta[12] or ''
reply[#reply + 1] = tonumber(meta[13]) or 0
return reply
