-- Chooses how due jobs leave the shard. O(log L).
--
-- ARGV[2]    target  text  '' to watchers, else to the Redis Stream: its longest length and, behind
--                          a space, its consumer group
-- Returns    now in us, 1 done, 0 jobs are leased, and all is as it was
-- Keeps      nobody holds a lease while jobs go to the Redis Stream; one that ran out, but was not
--            ended yet, is nobody's. Removes first: it works out of memory.
local was_stream = redis.call('HEXISTS', META, 'stream') == 1
local is_held = redis.call('ZCOUNT', LEASES, '(' .. string.format('%.0f', now_ms), '+inf') > 0
if is_held and was_stream ~= (ARGV[2] ~= '') then return {now_us, 0} end
redis.call('HDEL', META, 'stream', 'idle')
if ARGV[2] ~= '' then redis.call('HSET', META, 'stream', ARGV[2]) end
wake()
return {now_us, 1}
