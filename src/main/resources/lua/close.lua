-- Closes the shard of a queue that is to be deleted: it no longer says how many there are, so that
-- whoever uses the queue finds out. O(1): Redis frees what is deleted in the background.
--
-- Lib        presence
-- KEYS[8]    stream
-- ARGV[2]    deletion   text  which it is, hexadecimal
-- ARGV[3]    is_forced  flag  deletes what is in it; otherwise it stays open if it is not empty
-- ARGV[4]    idle_ms    ms    closes only a shard that has been idle for so long; 0: any
-- Returns    now in us, 1 closed or 0 it is not empty or not idle, jobs and entries of the Redis
--            Stream that are deleted, or that are there
-- Keeps      what else it says, which holds again if it is opened. Removes first: it works out of
--            memory.
local STREAM = KEYS[8]
local jobs, entries = redis.call('HLEN', JOBS), redis.call('XLEN', STREAM)
local idle_ms = tonumber(ARGV[4])
if (ARGV[3] == '0' and jobs + entries > 0) or (idle_ms > 0 and idle_for(STREAM) < idle_ms) then
  return {now_us, 0, jobs, entries}
end
redis.call('HDEL', META, 'shards')
redis.call('HSET', META, 'deletion', string.format('%s %.0f', ARGV[2], now_ms))
if ARGV[3] == '1' then
  redis.call('UNLINK', PENDING, JOBS, DELIVERIES, LEASES, DEAD, TTLS, STREAM)
end
return {now_us, 1, jobs, entries}
