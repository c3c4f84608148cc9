-- Counts what the shard holds, and what went through it. O(log N + replicas).
--
-- Lib        records, deliveries, expiry, presence
-- ARGV[2]    max_dead_age_ms  ms  dead jobs are kept
-- Returns    now in us, how many leases, waits and dead jobs are over but not ended, which count
--            as what they will be, 1 if paused else 0, limits of the whole queue or '', pending,
--            due, leased and dead jobs, first due ms or -1, then since the queue was created:
--            scheduled, dispatched, acked, retried, died, canceled, expired; watchers now; field
--            stream or ''; dead jobs that were dropped
-- Keeps      writes nothing.
local meta = redis.call('HMGET', META, 'paused', 'limits', 'scheduled', 'dispatched', 'acked',
  'retried', 'died', 'canceled', 'expired', 'unreadable', 'watchers', 'stream',
  'dropped_dead')
local leases, waits = count_over()
local too_old = redis.call('ZCOUNT', DEAD, '-inf', now_ms - ARGV[2])
local pending = redis.call('ZCARD', PENDING) + leases - waits
local reply = {
  now_us, leases + waits + too_old, meta[1] and 1 or 0, meta[2] or '', pending,
  redis.call('ZCOUNT', PENDING, '-inf', now_ms) + leases - waits,
  redis.call('ZCARD', LEASES) - leases, redis.call('ZCARD', DEAD) - too_old,
  pending > 0 and (head(PENDING) or now_ms) or -1,
}
for i = 3, 9 do reply[#reply + 1] = number(meta[i], 0) or 0 end
-- Jobs that nobody could read are dead too.
reply[14] = reply[14] + (number(meta[10], 0) or 0)

local watchers = 0
for _, n in each_present(meta[11]) do watchers = watchers + n end
reply[#reply + 1] = watchers
reply[#reply + 1] = meta[12] or ''
reply[#reply + 1] = number(meta[13], 0) or 0
return reply
