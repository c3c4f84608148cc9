-- Stores jobs, each on its own, and announces a new head. O(B log N).
--
-- ARGV     2 channel, then for each job: id, conflict (reject | keep | replace | earlier | later),
--          request (see the prelude)
-- Returns  now in us, then for each job: outcome (1 created, 2 replaced, 3 unchanged,
--          4 another job has the id, 5 another job has it and is leased), due ms in force
-- Keeps    a record exists if and only if its id is in one index. The first write is one that
--          Redis refuses when it is out of memory; then nothing is written at all.
local before, created, reply, adds = head(PENDING), 0, {now_us}, {}

-- Their records are written; no id is looked for in an index before this.
local function add_to_pending()
  if #adds > 0 then redis.call('ZADD', PENDING, unpack(adds)) end
  adds = {}
end

-- Gives the outcome, and the due time of the job that stays, if one stays.
local function resolve_conflict(id, conflict, due, record)
  local old = redis.call('HGET', JOBS, id)
  local same = string.sub(old, 14) == string.sub(record, 14)
  local waiting = tonumber(redis.call('ZSCORE', PENDING, id))
  local leased = not waiting and redis.call('ZSCORE', LEASES, id)
  local in_force = waiting or struct.unpack('>I6', old, 2)
  if leased then
    local _, leased_due = delivery(id)
    in_force = leased_due or in_force
  end
  if conflict == 'keep' or (same and (conflict == 'reject' or leased or waiting == due)) then
    return 3, in_force
  elseif leased then
    return 5, in_force
  elseif conflict == 'reject' then
    return 4, in_force
  elseif waiting and ((conflict == 'earlier' and due >= waiting)
      or (conflict == 'later' and due <= waiting)) then
    return 3, in_force
  end
  redis.call('HSET', JOBS, id, record)
  redis.call('ZADD', PENDING, due, id)
  redis.call('ZREM', DEAD, id)
  redis.call('HDEL', DELIVERIES, id)
  return 2, due
end

for i = 3, #ARGV, 3 do
  local id, request = ARGV[i], ARGV[i + 2]
  local flags, due = struct.unpack('>I1I6', request)
  if flags % 2 == 1 then due = resolve('after', due) end
  local record = struct.pack('>I1I6I6', 2, due, now_ms) .. request
  local is_new, outcome = redis.pcall('HSETNX', JOBS, id, record), 1
  if is_new == 1 then
    created = created + 1
    adds[#adds + 1], adds[#adds + 2] = due, id
  elseif is_new == 0 or redis.call('HEXISTS', JOBS, id) == 1 then
    add_to_pending()
    outcome, due = resolve_conflict(id, ARGV[i + 1], due, record)
  else
    return is_new
  end
  reply[#reply + 1], reply[#reply + 2] = outcome, due
end

add_to_pending()
count('scheduled', created)
announce(ARGV[2], before)
return reply
