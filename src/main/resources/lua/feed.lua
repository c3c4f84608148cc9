-- Moves due jobs to the end of the stream of the shard, the earliest first. O(K log N).
--
-- KEYS     7 the stream
-- ARGV     2 most jobs to look at, 3 most bytes of records to move (one is always allowed); then
--          for each run that an earlier call returned: id, record without payload as it was read,
--          how the run ends (completed: it is moved | expired | died: the rule is unreadable), due
--          ms of the next run or -1 if the series is over, runs completed, died, missed in all
-- Returns  now in us, 1 if the queue is delivered to a stream else 0, next ms to ask at or -1,
--          next lease expiry ms or -1, 1 if a pause or a limit holds due jobs back or 2 if the
--          stream is full, jobs dropped for their ttl, how many were moved, the due ms of each; then for each job that recurs, and stays as it is
--          until its next run is known: id, 1 if its ttl has passed, record without payload
-- Keeps    a job leaves the queue, or waits for its next run, in the step that gives it to the
--          stream. An unreadable one moves to dead. Removes first: it works out of memory.
local room, served, runs, due_times, counted = tonumber(ARGV[3]), 0, {}, {}, {}
local free, settle, target = admit(true)
local longest, group = string.match(target or '', '(%d+) (.+)')
local left = target and longest - redis.call('XLEN', STREAM) or 0
local slots = math.max(0, math.min(tonumber(ARGV[2]), free, left))
local due = slots > 0
  and redis.call('ZRANGEBYSCORE', PENDING, '-inf', now_ms, 'WITHSCORES', 'LIMIT', 0, slots) or {}

local function move(id, due_ms, record)
  append(id, due_ms, delivery(id) + 1, record)
  room, served = room - #record, served + 1
  due_times[#due_times + 1] = due_ms
end

local function tally(counter) counted[counter] = (counted[counter] or 0) + 1 end

-- Ends a run: the job goes, or waits for the next one.
local function renew(id, due_ms, record, at)
  local ended, next_due = ARGV[at + 2], tonumber(ARGV[at + 3])
  redis.call('ZREM', PENDING, id)
  if ended == 'completed' then move(id, due_ms, record) else tally(ended) end
  if ended == 'died' then
    bury(id, due_ms, 'unreadable recurrence')
  elseif next_due < 0 then
    forget(id)
  else
    redis.call('HDEL', DELIVERIES, id)
    record = with_run(record, next_due, ARGV[at + 4], ARGV[at + 5], ARGV[at + 6])
    redis.call('HSET', JOBS, id, record)
    redis.call('ZADD', PENDING, next_due, id)
    tally('renewed')
  end
end

local known = {}
for at = 4, #ARGV, 7 do known[ARGV[at]] = at end
redis.call('HDEL', META, '')
if #due > 0 then make_group(group) end
for i = 1, #due, 2 do
  local id, due_ms, record = due[i], due[i + 1], redis.call('HGET', JOBS, due[i])
  local at, readable = known[id], record and is_readable(record)
  local late = readable and ttl_of(record) > 0 and now_ms > due_ms + ttl_of(record)
    and delivery(id) == 0
  if record and served > 0 and #record > room then break end
  if readable and recurs(record) then
    if at and ARGV[at + 1] == without_payload(record) then
      renew(id, due_ms, record, at)
    else
      for _, field in ipairs({id, late and 1 or 0, without_payload(record)}) do runs[#runs + 1] = field end
    end
  else
    redis.call('ZREM', PENDING, id)
    if record and not readable then
      bury(id, due_ms, UNREADABLE)
      tally('unreadable')
    elseif late then
      tally('expired')
    elseif record then
      move(id, due_ms, record)
    end
    if readable then forget(id) end
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
local reply = {now_us, target and 1 or 0, next_ms, head(LEASES) or -1, hold,
  counted.expired or 0, served, unpack(due_times)}
for _, field in ipairs(runs) do reply[#reply + 1] = field end
return reply
