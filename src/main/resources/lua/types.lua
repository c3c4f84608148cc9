-- Tells which kind of value each key of a shard has. O(1).
--
-- KEYS[7]    stream
-- Returns    now in us, then for each key: its type, or none
-- Keeps      writes nothing.
local reply = {now_us}
for _, key in ipairs(KEYS) do reply[#reply + 1] = redis.call('TYPE', key).ok end
return reply
