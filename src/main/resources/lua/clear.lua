-- Deletes all that a closed shard keeps, but for the requests that are known by their ids, which go
-- with their window. O(F), F fields of meta, at most 40.
--
-- KEYS[8]    stream
-- ARGV[2]    deletion  text  the one that closed it, hexadecimal
-- ARGV[3]    is_first  flag  the first shard of its queue, which decides whether that is deleted
-- ARGV[4]    is_last   flag  otherwise the first shard goes on saying that it is closed
-- ARGV[5]    was_idle  flag  nothing was set of it; otherwise what is set goes
-- Returns    now in us, 1 it is gone or 0 it was opened again
-- Keeps      jobs of a shard that was opened again, and entries of its Redis Stream. If it is not
--            the first, the queue was created anew since, and has none of the settings of the old
--            one.
local STREAM = KEYS[8]
local closed = redis.call('HGET', META, 'deletion') or ''
if string.match(closed, '^%x+') ~= ARGV[2] then return {now_us, 0} end
local is_open = redis.call('HEXISTS', META, 'shards') == 1
if is_open and (ARGV[3] == '1' or ARGV[5] == '1') then return {now_us, 0} end
if not is_open or redis.call('HLEN', JOBS) + redis.call('XLEN', STREAM) == 0 then
  redis.call('UNLINK', PENDING, JOBS, DELIVERIES, LEASES, DEAD, META, TTLS, STREAM)
  if ARGV[3] == '1' and ARGV[4] == '0' then redis.call('HSET', META, 'deletion', closed) end
  return {now_us, 1}
end
local STAYING = {shards = true, fence = true, longest = true}
local fields = redis.call('HSCAN', META, '0', 'COUNT', 1000)[2]
for i = 1, #fields, 2 do
  if not STAYING[fields[i]] then redis.call('HDEL', META, fields[i]) end
end
return {now_us, 0}
