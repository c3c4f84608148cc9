-- Tells which keys of a shard have another type than they should. O(1).
--
-- KEYS[8]    stream
-- Returns    now in us, then for each key: 1 if it is of another type, else 0
-- Keeps      writes nothing, and says only what the other scripts say, which is allowed to it.
local COMMANDS = {'ZCARD', 'HLEN', 'HLEN', 'ZCARD', 'ZCARD', 'HLEN', 'ZCARD', 'XLEN'}
local reply = {now_us}
for i, key in ipairs(KEYS) do
  local answer = redis.pcall(COMMANDS[i], key)
  local is_wrong = type(answer) == 'table' and string.find(answer.err or '', 'WRONGTYPE', 1, true)
  reply[#reply + 1] = is_wrong and 1 or 0
end
return reply
