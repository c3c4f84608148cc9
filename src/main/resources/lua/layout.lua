-- Lets the shard say how many shards its queue has, if it still says what it was found to. O(1).
--
-- ARGV[2]    found   number  0: nothing
-- ARGV[3]    shards  number
-- Returns    now in us, how many it says now
-- Keeps      of replicas that find nothing at the same time the first decides. Removes first: it
--            works out of memory.
local said = redis.call('HGET', META, 'shards') or '0'
if said ~= ARGV[2] then return {now_us, tonumber(said)} end
redis.call('HDEL', META, 'shards')
redis.call('HSET', META, 'shards', ARGV[3])
return {now_us, tonumber(ARGV[3])}
