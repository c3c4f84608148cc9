-- Holds the deliveries of the shard back, or lets them go on at once. O(1).
--
-- ARGV[2]    is_paused  flag
-- Returns    now in us
-- Keeps      what is leased stays leased. Removes first: it works out of memory.
redis.call('HDEL', META, 'paused', 'idle')
if ARGV[2] == '1' then
  redis.call('HSET', META, 'paused', 1)
else
  wake()
end
return {now_us}
