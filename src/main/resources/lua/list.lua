-- Lists a part of one index in order of score, then id. O(log^2 N + K).
--
-- Lib        deliveries
-- ARGV[2]    state     code    of the index: 1 pending, 2 leased, 3 dead
-- ARGV[3]    from_ms   ms      lowest score
-- ARGV[4]    to_ms     ms      score to stop before
-- ARGV[5]    after_ms  ms      score to begin after; -1: from the start
-- ARGV[6]    after_id  id      id to begin after; '': from the start
-- ARGV[7]    most      number  ids
-- Returns    now in us, then for each job: id, score, due ms of the delivery or -1
-- Keeps      writes nothing.
local index, low, high = KEYS[({1, 4, 5})[tonumber(ARGV[2])]], tonumber(ARGV[3]), tonumber(ARGV[4])
local after_score, after_id = tonumber(ARGV[5]), ARGV[6]
local reply = {now_us}

-- As the index orders ids: by bytes. Lua's own comparison follows the server's locale.
local function is_at_most(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a <= #b
end

local function is_before_page(id, score)
  return score < low or score < after_score
    or (score == after_score and is_at_most(id, after_id))
end

-- The rank of the first entry of the page, by bisection.
local from, to = 0, redis.call('ZCARD', index)
while from < to do
  local middle = math.floor((from + to) / 2)
  local entry = redis.call('ZRANGE', index, middle, middle, 'WITHSCORES')
  if is_before_page(entry[1], time_of(entry[2])) then from = middle + 1 else to = middle end
end

local page = redis.call('ZRANGE', index, from, from + ARGV[7] - 1, 'WITHSCORES')
for i = 1, #page, 2 do
  local score = time_of(page[i + 1])
  if score >= high then break end
  local _, due = delivery(page[i])
  reply[#reply + 1] = page[i]
  reply[#reply + 1] = score
  reply[#reply + 1] = due or -1
end

return reply
