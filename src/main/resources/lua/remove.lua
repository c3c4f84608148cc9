-- Removes a queue from the registry, and its name from the index. O(log N).
--
-- KEYS[1]    queues    the registry
-- KEYS[2]    names     the index of its names
-- ARGV[2]    queue     text
-- ARGV[3]    settings  text  that the queue had
-- Returns    now in us
-- Keeps      a queue that has other settings by now stays.
if redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[3] then
  check('ZCARD', KEYS[2])
  redis.call('HDEL', KEYS[1], ARGV[2])
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return {now_us}
