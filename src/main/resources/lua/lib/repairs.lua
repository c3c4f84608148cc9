-- Behind records, deliveries, dead and expiry: what a sweep looks at, and how it repairs it.
local COUNTERS = {'unindexed', 'unreadable', 'recordless', 'doubled', 'jobless', 'mistimed'}
local repaired = {0, 0, 0, 0, 0, 0}
local function repair(kind, n) repaired[kind] = repaired[kind] + n end

local function put_back(ids, records)
  local pending, leases = many('ZMSCORE', PENDING, ids), many('ZMSCORE', LEASES, ids)
  local dead = many('ZMSCORE', DEAD, ids)
  for i, id in ipairs(ids) do
    local lost = not (pending[i] or leases[i] or dead[i])
    if not is_id(id) then
      repair(3, redis.call('HDEL', JOBS, id))
    elseif pending[i] then
      find_wait(id, time_of(pending[i]), records[i])
    elseif lost and parse(records[i]) then
      find_wait(id, due_of(records[i]), records[i])
      repair(1, redis.call('ZADD', PENDING, due_of(records[i]), id))
    elseif lost then
      local _, due = delivery(id)
      repair(2, bury(id, due or now_ms, UNREADABLE))
    end
  end
end

-- An id in two indexes stays in the one that comes first. Others have to be at a time.
local function take_out(index, ids, scores, first, second, time_for)
  local one = first and many('ZMSCORE', first, ids) or {}
  local two = second and many('ZMSCORE', second, ids) or {}
  for i, id in ipairs(ids) do
    local score = tonumber(scores[i])
    local time = time_for and time_for(score, id)
    if redis.call('HEXISTS', JOBS, id) == 0 then
      repair(3, redis.call('ZREM', index, id))
      redis.call('HDEL', DELIVERIES, id)
    elseif one[i] or two[i] then
      repair(4, redis.call('ZREM', index, id))
    elseif time and time ~= score then
      repair(6, redis.call('ZREM', index, id))
      redis.call('ZADD', index, string.format('%.0f', time), id)
    end
  end
end

-- A job that would never be due is due as its record says.
local function due_for(score, id)
  if score >= 0 and score <= LAST_MS then return score end
  local record = redis.call('HGET', JOBS, id)
  return record and parse(record) and math.min(due_of(record), LAST_MS) or now_ms
end

-- A lease that nobody was given, and no clock that was set back explains, ends as one that is given
-- now, or at once where that is not known.
local CENTURY_MS = 3153600000000
local _, longest_lease = given_leases()
local function expiry_for(score)
  local is_known = longest_lease > 0 and longest_lease < LAST_MS
  local latest = is_known and now_ms + longest_lease
  if score <= (is_known and latest + CENTURY_MS or LAST_MS) then return score end
  return latest or now_ms
end

local function forget_deliveries(ids)
  for _, id in ipairs(ids) do
    if redis.call('HEXISTS', JOBS, id) == 0 then repair(5, redis.call('HDEL', DELIVERIES, id)) end
  end
end

local PHASES = {
  {'HSCAN', JOBS, 25, put_back},
  {'ZSCAN', PENDING, 100, function(ids, scores)
    take_out(PENDING, ids, scores, LEASES, nil, due_for)
  end},
  {'ZSCAN', LEASES, 100, function(ids, scores)
    take_out(LEASES, ids, scores, nil, nil, expiry_for)
  end},
  {'ZSCAN', DEAD, 100, function(ids, scores) take_out(DEAD, ids, scores, LEASES, PENDING) end},
  {'HSCAN', DELIVERIES, 100, forget_deliveries},
}
