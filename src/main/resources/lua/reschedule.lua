-- Moves a job that is waiting or dead to another due time. O(log N).
--
-- Lib        records
-- ARGV[2]    id        id
-- ARGV[3]    is_delay  flag
-- ARGV[4]    due_ms    ms    due time, or from now
-- Returns    now in us, outcome (1 moved, 2 leased, 3 not_found, or unreadable), due ms
-- Keeps      the record's due time is that of the index.
local id, due = ARGV[2], due_at(ARGV[3] == '1', ARGV[4])
local record = redis.call('HGET', JOBS, id)
if not record or not parse(record) then return {now_us, 3, 0} end
if redis.call('ZSCORE', LEASES, id) then return {now_us, 2, 0} end

local before = head(PENDING)
redis.call('HSET', JOBS, id, with_due(record, due))
redis.call('ZADD', PENDING, due, id)
redis.call('ZREM', DEAD, id)
announce(before)
return {now_us, 1, due}
