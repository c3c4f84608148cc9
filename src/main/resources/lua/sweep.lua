-- Makes one step through all that the shard keeps, and repairs inconsistencies. A pass looks at
-- records, pending, leases, dead and deliveries in turn; its place is kept in meta, so that all
-- replicas share it. O(K log N), K about 25 records or 100 entries.
--
-- Lib        records, reads, deliveries, dead, expiry, repairs
-- ARGV[2]    least_ms  ms  between two steps
-- ARGV[3]    rest_ms   ms  after a pass
-- ARGV[4]    since_ms  ms  a pass that began before it does not count; 0, or yet to come: all do
-- Returns    now in us, 1 if no pass is due, else 0, ms until the next step, then how many were
--            repaired (1 unindexed, 2 unreadable, 3 recordless, 4 doubled, 5 jobless, 6 mistimed)
-- Keeps      what is rightly there is not touched, since each check and its repair are one script;
--            what SCAN gives twice is repaired once. Removes first: it works out of memory.
local least, rest, since = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- The clock was set back.
if since > now_ms then since = 0 end
local before = head(PENDING)
local function reply(complete, wait) return {now_us, complete, wait, unpack(repaired)} end

local phase, cursor, begun, stepped =
  string.match(redis.call('HGET', META, 'sweep') or '', '(%d+) (%d+) (%d+) (%d+)')
phase, stepped = tonumber(phase), tonumber(stepped) or 0
if not phase then
  local last, done = string.match(redis.call('HGET', META, 'swept') or '', '(%d+) (%d+)')
  local wait = done and tonumber(last) >= since and done + rest - now_ms or 0
  if wait > 0 and wait <= rest then return reply(1, wait) end
  phase, cursor, begun = 1, '0', string.format('%.0f', now_ms)
elseif stepped <= now_ms and now_ms < stepped + least then
  return reply(0, stepped + least - now_ms)
end
check('ZCARD', PENDING, LEASES, DEAD, TTLS)
check('HLEN', JOBS, DELIVERIES)
redis.call('HDEL', META, 'sweep')
local looked, pages = 0, 0
while PHASES[phase] and looked < 25 and pages < 10 do
  local scan, key, most, repair_all = unpack(PHASES[phase])
  local page = redis.call(scan, key, cursor, 'COUNT', most)
  local ids, values = {}, {}
  for i = 1, #page[2], 2 do ids[#ids + 1], values[#values + 1] = page[2][i], page[2][i + 1] end
  repair_all(ids, values)
  cursor, looked, pages = page[1], looked + #ids, pages + 1
  if cursor == '0' then phase = phase + 1 end
end
for kind, n in ipairs(repaired) do count('mended_' .. COUNTERS[kind], n) end
announce(before)
local times = string.format(' %s %.0f', begun, now_ms)
if PHASES[phase] then
  redis.call('HSET', META, 'sweep', phase .. ' ' .. cursor .. times)
  return reply(0, least)
end
redis.call('HSET', META, 'swept', string.sub(times, 2))
return reply(tonumber(begun) < since and 0 or 1, tonumber(begun) < since and least or rest)
