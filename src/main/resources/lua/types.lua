-- Tells which keys of a shard are not what they should be. O(1).
--
-- KEYS[8]    stream
-- KEYS[9]    requests
-- KEYS[10]   older_requests
-- Returns    now in us, then for each key: 1 if it is of another type, or is meta and has a number
--            that is none, else 0
-- Keeps      writes nothing, and says only what the other scripts say, which is allowed to it.
local COMMANDS = {
  'ZCARD', 'HLEN', 'HLEN', 'ZCARD', 'ZCARD', 'HLEN', 'ZCARD', 'XLEN', 'HLEN', 'HLEN'}
-- Limits are three numbers.
local NUMBERS = {'fence', 'longest', 'tat', 'rate', 'outstanding', 'capacity', 'limits',
  'scheduled', 'dispatched', 'acked', 'retried', 'died', 'canceled', 'expired', 'renewed',
  'unreadable', 'purged', 'redriven', 'dropped_dead', 'streamed'}

local function has_no_number()
  local values = redis.pcall('HMGET', META, unpack(NUMBERS))
  for i = 1, #values do
    if values[i] == '' then return true end
    for word in string.gmatch(values[i] or '0', '%S+') do
      if not tonumber(word) then return true end
    end
  end
  return false
end

local reply = {now_us}
for i, key in ipairs(KEYS) do
  local answer = redis.pcall(COMMANDS[i], key)
  local is_wrong = type(answer) == 'table' and string.find(answer.err or '', 'WRONGTYPE', 1, true)
  reply[#reply + 1] = (is_wrong or key == META and has_no_number()) and 1 or 0
end
return reply
