-- Lets the shard say how many shards its queue has, if it still says what it was found to. O(1).
--
-- ARGV[2]    found     number  0: nothing
-- ARGV[3]    shards    number
-- ARGV[4]    reopens   flag    also a shard that was closed by a deletion that may be under way
-- ARGV[5]    deletion  text    found to have closed it; '' none
-- Returns    now in us, how many it says now; 0: nothing, since it is closed, or gone since
-- Keeps      of replicas that find nothing at the same time the first decides. Removes first: it
--            works out of memory.
local TAKES_AT_MOST_MS = 10000
local said = redis.call('HGET', META, 'shards') or '0'
if said ~= ARGV[2] then return {now_us, tonumber(said)} end
local deletion = redis.call('HGET', META, 'deletion') or ''
local closed_ms = tonumber(string.match(deletion, '%d+$'))
if said == '0' and ARGV[4] == '0' and (deletion ~= ARGV[5]
  or closed_ms and math.abs(now_ms - closed_ms) < TAKES_AT_MOST_MS) then
  return {now_us, 0}
end
redis.call('HDEL', META, 'shards')
redis.call('HSET', META, 'shards', ARGV[3])
return {now_us, tonumber(ARGV[3])}
