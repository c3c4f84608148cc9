-- Looks whether the shard is idle: it holds nothing, nobody watches the queue, and nothing is set
-- that would be lost with it. O(replicas).
--
-- Lib        presence
-- KEYS[8]    stream
-- Returns    now in us, ms since the first look that found it so, with no use in between, or -1: it
--            is in use
-- Keeps      writes only where that begins anew, or ends. Removes first: it works out of memory.
local idle_ms, note, noted = idle_for(KEYS[8])
if note ~= noted then
  redis.call('HDEL', META, 'idle')
  if note then redis.call('HSET', META, 'idle', note) end
end
return {now_us, idle_ms}
