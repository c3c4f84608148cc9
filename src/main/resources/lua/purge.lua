-- Deletes the first jobs of an index. O(K log N).
--
-- ARGV[2]    state  code    of the index: 1 pending, 3 dead
-- ARGV[3]    most   number  jobs to delete
-- Returns    now in us, how many were deleted, how many are left
-- Keeps      a deleted id is in no index and has no record. Removes first: it works out of memory.
local index = ARGV[2] == '3' and DEAD or PENDING
local ids = redis.call('ZRANGE', index, 0, ARGV[3] - 1)
if #ids > 0 then
  check('HLEN', META, JOBS, DELIVERIES)
  redis.call('ZREM', index, unpack(ids))
  redis.call('HDEL', JOBS, unpack(ids))
  redis.call('HDEL', DELIVERIES, unpack(ids))
  redis.pcall('ZREM', TTLS, unpack(ids))
end
count('purged', #ids)
return {now_us, #ids, redis.call('ZCARD', index)}
