-- Moves a job that is waiting or dead to another due time. O(log N).
--
-- ARGV     2 id, 3 at | after, 4 ms
-- Returns  now in us, outcome (1 moved, 2 leased, 3 not found, or unreadable), due ms
-- Keeps    the record's due time is that of the index.
local id, due = ARGV[2], resolve(ARGV[3], ARGV[4])
local record = redis.call('HGET', JOBS, id)
if not record or not is_readable(record) then return {now_us, 3, 0} end
if redis.call('ZSCORE', LEASES, id) then return {now_us, 2, 0} end

local before = head(PENDING)
redis.call('HSET', JOBS, id, with_due(record, due))
redis.call('ZADD', PENDING, due, id)
redis.call('ZREM', DEAD, id)
announce(before)
return {now_us, 1, due}
