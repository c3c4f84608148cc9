-- Counts the jobs of one index between times. O(B log N).
--
-- ARGV[2]    state        code  of the index: 1 pending, 2 leased, 3 dead
-- ARGV[3+i]  boundary_ms  ms    scores, each higher than the one before
-- Returns    now in us, then how many have a score below the first boundary, from each one to below
--            the next, and from the last one on
-- Keeps      writes nothing.
local index = KEYS[({1, 4, 5})[tonumber(ARGV[2])]]
local reply, below = {now_us}, 0
for i = 3, #ARGV do
  local upto = redis.call('ZCOUNT', index, '-inf', '(' .. ARGV[i])
  reply[#reply + 1] = upto - below
  below = upto
end
reply[#reply + 1] = redis.call('ZCARD', index) - below
return reply
