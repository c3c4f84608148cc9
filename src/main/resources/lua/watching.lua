-- Names the replicas that have watchers of the queue, as far as they said so lately. O(replicas).
--
-- Returns    now in us, then for each replica: hexadecimal text
-- Keeps      writes nothing.
local reply = {now_us}
local said = redis.call('HGET', META, 'watchers') or ''
for replica, until_ms, since in string.gmatch(said, '(%x+) %d+ (%d+) ?(%d*)') do
  if tonumber(until_ms) > now_ms and (tonumber(since) or 0) <= now_ms then
    reply[#reply + 1] = replica
  end
end
return reply
