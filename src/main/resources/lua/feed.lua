-- Moves due jobs to the end of the Redis Stream of the shard, the earliest first. O(K log N).
--
-- Lib        records, reads, deliveries, dead, expiry, admission, runs, entries
-- KEYS[8]    stream
-- ARGV[2]    most         number  jobs to look at
-- ARGV[3]    max_bytes    bytes   of records to move; one is always allowed
-- ARGV[4+7i] id           id      of each run that an earlier call returned
-- ARGV[5+7i] record       binary  without payload, as it was read
-- ARGV[6+7i] ended        code    1 completed: it is moved, 3 expired, 4 broken
-- ARGV[7+7i] next_due_ms  ms      of the next run; -1: the series is over
-- ARGV[8+7i] completed    number  runs in all
-- ARGV[9+7i] died         number  runs in all
-- ARGV[10+7i] missed      number  runs in all
-- Returns    now in us, 1 if the queue is delivered to a Redis Stream else 0, next ms to ask at or
--            -1, when the next lease or wait is over ms or -1, hold (0 none, 1 limited, 2 full),
--            jobs dropped for their ttl, how many were moved, the due ms of each; then for each job
--            that recurs, and stays as it is until its next run is known: id, 1 if its ttl has
--            passed, record without payload
-- Keeps      a job leaves the queue, or waits for its next run, in the step that gives it to the
--            Redis Stream. An unreadable one moves to dead. Removes first: it works out of memory.
local room, served, runs, due_times, counted = tonumber(ARGV[3]), 0, {}, {}, {}
local free, settle, target = admit(true)
local longest, group = string.match(target or '', '(%d+) (.+)')
local left = target and longest - redis.call('XLEN', STREAM) or 0
local slots = math.max(0, math.min(tonumber(ARGV[2]), free, left))
local due = slots > 0
  and redis.call('ZRANGEBYSCORE', PENDING, '-inf', now_ms, 'WITHSCORES', 'LIMIT', 0, slots) or {}

local function tally(counter) counted[counter] = (counted[counter] or 0) + 1 end

-- Comes first: the stream may take no more entries, since the highest id is in it.
local function move(id, due_ms, record)
  append(id, due_ms, delivery(id) + 1, record)
  room, served = room - #record, served + 1
  due_times[#due_times + 1] = due_ms
end

-- Ends the run whose arguments begin at a position.
local function renew(id, due_ms, record, at)
  if ARGV[at] == COMPLETED then move(id, due_ms, record) else tally(ENDED[ARGV[at]]) end
  redis.call('ZREM', PENDING, id)
  local failed, _, _, failures = delivery(id)
  if ARGV[at] ~= BROKEN then failed, failures = 0, '' end
  local _, goes_on = end_run(id, record, at, failed, due_ms, failures)
  if goes_on then tally('renewed') end
end

local known = {}
for at = 4, #ARGV, 7 do known[ARGV[at]] = at end
if #due > 0 then begin_feed(group) end
for i = 1, #due, 2 do
  local id, due_ms = due[i], time_of(due[i + 1])
  local record = is_id(id) and redis.call('HGET', JOBS, id)
  local at, payload_at, sections = known[id], nil, NO_SECTIONS
  if record then payload_at, sections = parse(record) end
  local ttl = payload_at and ttl_of(record, sections) or 0
  local late = ttl > 0 and now_ms > due_ms + ttl and delivery(id) == 0
  if record and served > 0 and #record > room then break end
  if payload_at and sections[HAS_SERIES] then
    local read = string.sub(record, 1, payload_at - 1)
    if at and ARGV[at + 1] == read then
      renew(id, due_ms, record, at + 2)
    else
      for _, field in ipairs({id, late and 1 or 0, read}) do runs[#runs + 1] = field end
    end
  else
    if payload_at and not late then move(id, due_ms, record) end
    redis.call('ZREM', PENDING, id)
    if record and not payload_at then
      bury(id, due_ms, UNREADABLE)
      tally('unreadable')
    elseif payload_at then
      if late then tally('expired') end
      forget(id)
    end
  end
end

for counter, n in pairs(counted) do count(counter, n) end
count('dispatched', served)
count('streamed', served)
local again, next_ms, hold = settle(served), head(PENDING) or -1, 0
if next_ms > -1 and next_ms <= now_ms and #runs == 0 then
  if free <= served then next_ms, hold = again, 1 end
  if target and left <= served then next_ms, hold = now_ms + FULL_PACE_MS, 2 end
end
local reply = {now_us, target and 1 or 0, next_ms, earlier(head(LEASES), head(TTLS)), hold,
  counted.expired or 0, served, unpack(due_times)}
for _, field in ipairs(runs) do reply[#reply + 1] = field end
return reply
