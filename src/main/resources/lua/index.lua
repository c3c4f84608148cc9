-- One step of a pass that makes the index of names equal to the registry: names that a replica of
-- an earlier version entered are missing there, and a restored key may have names that are gone.
-- O(step * log N).
--
-- KEYS[1]    queues  the registry
-- KEYS[2]    names   the index of its names
-- ARGV[2]    adds    flag    1 goes through the registry and adds, 0 through the index and removes
-- ARGV[3]    cursor  text    '0' to begin
-- ARGV[4]    most    number  names in a step, about
-- Returns    now in us, the next cursor, '0' at the end
-- Keeps      a name that is in both stays. An index of another type is dropped before names are
--            added.
local adds = ARGV[2] == '1'
local scan, key = adds and 'HSCAN' or 'ZSCAN', KEYS[adds and 1 or 2]
-- Nothing is lost with an index of another type: a pass makes it anew.
if adds and is_wrong_type(redis.pcall('ZCARD', KEYS[2])) then redis.call('DEL', KEYS[2]) end
local page = redis.call(scan, key, ARGV[3], 'COUNT', ARGV[4])
for i = 1, #page[2], 2 do
  local queue = page[2][i]
  if adds then
    redis.call('ZADD', KEYS[2], 0, queue)
  elseif redis.call('HEXISTS', KEYS[1], queue) == 0 then
    redis.call('ZREM', KEYS[2], queue)
  end
end
return {now_us, page[1]}
