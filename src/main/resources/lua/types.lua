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
-- Bounds of each; counters are whole numbers that can grow.
local NUMBERS = {fence = {0, now_us + 2 ^ 52}, longest = {0, LAST_MS}, tat = {0}, rate = {1e-9},
  outstanding = {1}, capacity = {1}}
local COUNTERS = {'scheduled', 'dispatched', 'acked', 'retried', 'died', 'canceled', 'expired',
  'renewed', 'unreadable', 'purged', 'redriven', 'dropped_dead', 'streamed', 'mended_unindexed',
  'mended_unreadable', 'mended_recordless', 'mended_doubled', 'mended_jobless', 'mended_mistimed'}

local function values_of(names)
  local values, found = redis.pcall('HMGET', META, unpack(names)), {}
  for i, name in ipairs(names) do found[name] = values[i] or nil end
  return found
end

local function are_limits(text)
  local words = 0
  for word in string.gmatch(text, '%S+') do
    if not number(word, 0) then return false end
    words = words + 1
  end
  return words == 3
end

local function has_no_number()
  for _, text in pairs(values_of(COUNTERS)) do
    if not string.find(text, '^%d+$') or tonumber(text) >= 2 ^ 62 then return true end
  end
  local names = {'limits', 'stream'}
  for name in pairs(NUMBERS) do names[#names + 1] = name end
  local said = values_of(names)
  for name, bounds in pairs(NUMBERS) do
    if said[name] and not number(said[name], unpack(bounds)) then return true end
  end
  return (said.limits and not are_limits(said.limits)
    or said.stream and not string.find(said.stream, '^%d+ .+$')) and true or false
end

local reply = {now_us}
for i, key in ipairs(KEYS) do
  local is_wrong = is_wrong_type(redis.pcall(COMMANDS[i], key))
  reply[#reply + 1] = (is_wrong or key == META and has_no_number()) and 1 or 0
end
return reply
