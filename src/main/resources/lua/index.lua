-- One step of a pass that makes the index of names equal to the registry: names that a replica of
-- an earlier version entered are missing there, and a restored key may have names that are gone.
-- O(step * log N).
--
-- KEYS     1 the registry, 2 the index of its names
-- ARGV     2 'add' goes through the registry, 'remove' through the index; 3 cursor, '0' to begin;
--          4 names in a step, about
-- Returns  the next cursor, '0' at the end; how many names were added or removed
-- Keeps    a name that is in both stays.
local adds = ARGV[2] == 'add'
local page = redis.call(adds and 'HSCAN' or 'ZSCAN', KEYS[adds and 1 or 2], ARGV[3], 'COUNT', ARGV[4])
local changed = 0
for i = 1, #page[2], 2 do
  local queue = page[2][i]
  if adds then
    changed = changed + redis.call('ZADD', KEYS[2], 0, queue)
  elseif redis.call('HEXISTS', KEYS[1], queue) == 0 then
    changed = changed + redis.call('ZREM', KEYS[2], queue)
  end
end
return {page[1], changed}
