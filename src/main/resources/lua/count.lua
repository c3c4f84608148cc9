-- Counts the jobs in one state between times. What is over but not ended counts as what it will be,
-- as in stats. O(B log N + W), W waits that are over, where a boundary is in the past.
--
-- Lib        records, deliveries, expiry
-- ARGV[2]    state            code  1 pending, 2 leased, 3 dead
-- ARGV[3]    max_dead_age_ms  ms    dead jobs are kept
-- ARGV[4+i]  boundary_ms      ms    scores of the index, each higher than the one before
-- Returns    now in us, then how many have a score below the first boundary, from each one to below
--            the next, and from the last one on
-- Keeps      writes nothing. Jobs of leases that are over are due now.
local PAGE, MOST_PAGES = 1000, 20
local state = tonumber(ARGV[2])
local index = KEYS[({1, 4, 5})[state]]
local least = ({
  '-inf', '(' .. string.format('%.0f', now_ms), '(' .. string.format('%.0f', now_ms - ARGV[3]),
})[state]
local leases, waits, over = 0, 0, {}
if state == 1 then leases, waits = count_over() end

-- Each was due before it was over: where no boundary is in the past, their number is enough.
local pages = waits > 0 and ARGV[4] and tonumber(ARGV[4]) < now_ms and MOST_PAGES or 0
for page = 0, math.min(pages, math.ceil(waits / PAGE)) - 1 do
  local ids = redis.call('ZRANGEBYSCORE', TTLS, '-inf', now_ms, 'LIMIT', page * PAGE, PAGE)
  for _, due in ipairs(many('ZMSCORE', PENDING, ids)) do over[#over + 1] = tonumber(due) end
end

table.sort(over)

local passed = 0
local function over_before(boundary)
  if boundary >= now_ms then return waits end
  while passed < #over and over[passed + 1] < boundary do passed = passed + 1 end
  return passed
end

local reply, below = {now_us}, 0
for i = 4, #ARGV do
  local boundary = tonumber(ARGV[i])
  local upto = redis.call('ZCOUNT', index, least, '(' .. ARGV[i]) - over_before(boundary)
  if boundary > now_ms then upto = upto + leases end
  upto = math.max(upto, below)
  reply[#reply + 1] = upto - below
  below = upto
end
local all = redis.call('ZCOUNT', index, least, '+inf') + leases - waits
reply[#reply + 1] = math.max(all, below) - below
return reply
