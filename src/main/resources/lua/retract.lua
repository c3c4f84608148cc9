-- Takes back that a shard says how many shards its queue has, since that may be gone. O(1).
--
-- KEYS[8]    stream
-- ARGV[2]    shards  number  that it says; if it says another, it stays
-- Returns    now in us, 1 or 0: jobs, or entries of its Redis Stream, are there, and it goes on
--            saying it
-- Keeps      all else: whoever uses it next lets it say it again, as it is. Removes only: it works
--            out of memory.
if redis.call('HGET', META, 'shards') ~= ARGV[2] then return {now_us, 1} end
if redis.call('HLEN', JOBS) + redis.call('XLEN', KEYS[8]) > 0 then return {now_us, 0} end
redis.call('HDEL', META, 'shards')
return {now_us, 1}
