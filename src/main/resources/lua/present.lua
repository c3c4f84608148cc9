-- A replica says how many watchers of the queue it has; its word holds for a time, but not once the
-- clock was set back, for it would hold too long. O(replicas).
--
-- ARGV[2]    replica       text    hexadecimal
-- ARGV[3]    watchers      number  0: none any longer
-- ARGV[4]    holds_for_ms  ms
-- Returns    now in us
-- Keeps      only people look at it. Removes first: it works out of memory.
local others = {}
local said = redis.call('HGET', META, 'watchers') or ''
-- An earlier version does not say since when.
for replica, n, until_ms, since in string.gmatch(said, '(%x+) (%d+) (%d+) ?(%d*)') do
  if replica ~= ARGV[2] and tonumber(until_ms) > now_ms and (tonumber(since) or 0) <= now_ms then
    others[#others + 1] = table.concat({replica, n, until_ms, since}, ' ')
  end
end
if ARGV[3] ~= '0' then
  others[#others + 1] =
    string.format('%s %s %.0f %.0f', ARGV[2], ARGV[3], now_ms + ARGV[4], now_ms)
end

redis.call('HDEL', META, 'watchers')
if #others > 0 then redis.call('HSET', META, 'watchers', table.concat(others, ';')) end
return {now_us}
