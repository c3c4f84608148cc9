-- Lets a shard that a deletion closed say again how many shards its queue has. O(1).
--
-- ARGV[2]    deletion  text    the one that closed it, hexadecimal
-- ARGV[3]    shards    number
-- Returns    now in us
-- Keeps      what another deletion has closed since, or deleted, stays so. Removes first: it works
--            out of memory.
local closed = redis.call('HGET', META, 'deletion') or ''
if string.match(closed, '^%x+') == ARGV[2] and redis.call('HEXISTS', META, 'shards') == 0 then
  redis.call('HDEL', META, 'shards')
  redis.call('HSET', META, 'shards', ARGV[3])
end
return {now_us}
