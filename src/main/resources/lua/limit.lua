-- Sets limits of the shard in place of those before; the others stay. O(1).
--
-- ARGV[2]    parts        text     those to set: rate, outstanding, capacity
-- ARGV[3]    limits       text     the three of the whole queue, for people
-- ARGV[4]    rate         decimal  this shard's share: deliveries a second; 0: no limit
-- ARGV[5]    outstanding  number   leases out; 0: no limit
-- ARGV[6]    capacity     number   pending jobs; 0: no limit
-- Returns    now in us
-- Keeps      what is out or pending stays, also beyond a limit. Removes first: it works out of
--            memory.
local function numbers(text)
  local found = {}
  for word in string.gmatch(text, '%S+') do found[#found + 1] = number(word, 0) and word or '0' end
  return {found[1] or '0', found[2] or '0', found[3] or '0'}
end

local whole = numbers(redis.call('HGET', META, 'limits') or '')
local given, is_limited = numbers(ARGV[3]), false
redis.call('HDEL', META, 'limits', 'idle')
for i, part in ipairs({'rate', 'outstanding', 'capacity'}) do
  if string.find(ARGV[2], part, 1, true) then
    whole[i] = given[i]
    redis.call('HDEL', META, part)
    if part == 'rate' then redis.call('HDEL', META, 'tat') end
    if tonumber(ARGV[3 + i]) ~= 0 then redis.call('HSET', META, part, ARGV[3 + i]) end
  end
  is_limited = is_limited or tonumber(whole[i]) ~= 0
end
if is_limited then redis.call('HSET', META, 'limits', table.concat(whole, ' ')) end
wake()
return {now_us}
