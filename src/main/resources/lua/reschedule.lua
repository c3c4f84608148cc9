-- Moves a job that is waiting or dead to another due time. O(log N).
--
-- Lib        records, deliveries, expiry, admission
-- ARGV[2]    id        id
-- ARGV[3]    is_delay  flag
-- ARGV[4]    due_ms    ms    due time, or from now
-- Returns    now in us, outcome (0 over: nothing is done before that is ended, 1 moved, 2 leased,
--            3 not_found, or unreadable, 4 after_end: of its series, 5 queue_full: it is dead, and
--            would be one pending job too many), due ms
-- Keeps      the record's due time is that of the index. Attempts of a dead job are forgotten, as
--            redrive does: with those that it used up, it would be delivered once too often.
local id, due = ARGV[2], due_at(ARGV[3] == '1', ARGV[4])
local record = redis.call('HGET', JOBS, id)
if not record or not parse(record) then return {now_us, 3, 0} end
if is_over(id) then return {now_us, 0, 0} end
if redis.call('ZSCORE', LEASES, id) then return {now_us, 2, 0} end
if due > end_of(record) then return {now_us, 4, 0} end
local waits = redis.call('ZSCORE', PENDING, id)
if not waits and room_of() <= 0 then return {now_us, 5, 0} end

check('ZCARD', DEAD)
check('HLEN', DELIVERIES)
local before = head(PENDING)
redis.call('HSET', JOBS, id, with_due(record, due))
redis.call('ZADD', PENDING, due, id)
redis.call('ZREM', DEAD, id)
if not waits then redis.call('HDEL', DELIVERIES, id) end
limit_wait(id, due, delivery(id), record)
announce(before)
return {now_us, 1, due}
