-- Enters a queue into the registry, and its name into the index. O(log N).
--
-- KEYS[1]    queues    the registry
-- KEYS[2]    names     the index of its names
-- ARGV[2]    queue     text
-- ARGV[3]    settings  text
-- ARGV[4]    wrong     text  an entry that is replaced; '' none
-- Returns    now in us, the settings that the queue has
-- Keeps      an entry changes only where the first shard says that it is wrong; the index has each
--            name that is entered by this script.
check('ZCARD', KEYS[2])
redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3])
if ARGV[4] ~= '' and redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[4] then
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
return {now_us, redis.call('HGET', KEYS[1], ARGV[2])}
