-- A replica says how many watchers of the queue it has; its word holds for a time. O(replicas).
--
-- Lib        presence
-- ARGV[2]    replica       text    hexadecimal
-- ARGV[3]    watchers      number  0: none any longer
-- ARGV[4]    holds_for_ms  ms
-- Returns    now in us
-- Keeps      people look at it, and script idle. Removes first: it works out of memory.
local others = {}
for replica, n, until_ms, since in each_present(redis.call('HGET', META, 'watchers')) do
  if replica ~= ARGV[2] then
    others[#others + 1] = table.concat({replica, n, until_ms, since}, ' ')
  end
end
if ARGV[3] ~= '0' then
  others[#others + 1] =
    string.format('%s %s %.0f %.0f', ARGV[2], ARGV[3], now_ms + ARGV[4], now_ms)
end

redis.call('HDEL', META, 'watchers', 'idle')
if #others > 0 then redis.call('HSET', META, 'watchers', table.concat(others, ';')) end
return {now_us}
