-- Lists a part of one index in order of score, then id. O(log^2 N + K).
--
-- ARGV     2 index (1 pending, 2 leases, 3 dead), 3 lowest score, 4 score to stop before,
--          5 score and 6 id to begin after ('' and '': from the start), 7 most ids
-- Returns  now in us, then for each job: id, score, due ms of the delivery or -1
-- Keeps    writes nothing.
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
  if score < low then return true end
  if not after_score then return false end
  return score < after_score or (score == after_score and is_at_most(id, after_id))
end

-- The rank of the first entry of the page, by bisection.
local from, to = 0, redis.call('ZCARD', index)
while from < to do
  local middle = math.floor((from + to) / 2)
  local entry = redis.call('ZRANGE', index, middle, middle, 'WITHSCORES')
  if is_before_page(entry[1], tonumber(entry[2])) then from = middle + 1 else to = middle end
end

local page = redis.call('ZRANGE', index, from, from + ARGV[7] - 1, 'WITHSCORES')
for i = 1, #page, 2 do
  local score = tonumber(page[i + 1])
  if score >= high then break end
  local _, due = delivery(page[i])
  reply[#reply + 1] = page[i]
  reply[#reply + 1] = score
  reply[#reply + 1] = due or -1
end

return reply
