-- Deals the next queues of the registry to a replica that looks after them: over all replicas not
-- more shards a second than may be. O(log N + K).
--
-- KEYS[1]    queues    the registry
-- KEYS[2]    names     the index of its names
-- KEYS[3]    turns     hash: after (the name dealt last), next_ms and begun_ms (of turn and round)
-- ARGV[2]    shards    number  to deal, about
-- ARGV[3]    turn_ms   ms      that so many shards take
-- ARGV[4]    round_ms  ms      from the beginning of one round to that of the next, at least
-- Returns    now in us, ms until the next turn, then the name of each queue
-- Keeps      each queue is dealt once a round; one whose entry is damaged counts as one shard. A
--            turn whose replica dies is lost until the next round. A clock that was set back waits
--            no longer than a round.

-- As ShardPlan has it.
local MAX_SHARDS = 1024

local most, turn_ms, round_ms = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.pcall('HMGET', KEYS[3], 'after', 'next_ms', 'begun_ms')
-- Nothing is lost with it.
if is_wrong_type(kept) then redis.call('DEL', KEYS[3]) elseif kept.err then return kept end
local after, next_ms = kept[1] or '', number(kept[2], 0) or 0
local begun_ms = math.min(number(kept[3], 0) or 0, now_ms)
if now_ms < next_ms and next_ms - now_ms <= math.max(turn_ms, round_ms) then
  return {now_us, next_ms - now_ms}
end

if after == '' then begun_ms = now_ms end
local names = redis.call('ZRANGE', KEYS[2], after == '' and '-' or '(' .. after, '+', 'BYLEX',
  'LIMIT', 0, most)
local reply, shards = {now_us, 0}, 0

local function shards_of(settings)
  local said = tonumber(string.match(settings or '', '^shards=(%d+)$'))
  return said and said >= 1 and said <= MAX_SHARDS and said or 1
end

for i, name in ipairs(names) do
  local settings = redis.call('HGET', KEYS[1], name)
  reply[#reply + 1], after = name, name
  shards = shards + shards_of(settings)
  if i == #names and i < most then after = '' end
  if shards >= most then break end
end
if #names == 0 then after = '' end

next_ms = now_ms + math.ceil(shards / most * turn_ms)
if after == '' then next_ms = math.max(next_ms, begun_ms + round_ms) end
redis.call('HSET', KEYS[3], 'after', after, 'next_ms', string.format('%.0f', next_ms),
  'begun_ms', string.format('%.0f', begun_ms))
reply[2] = next_ms - now_ms
return reply
