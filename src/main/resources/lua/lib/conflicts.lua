-- Behind records, expiry and admission: what Schedule does when a live job has the id.
local REJECT, KEEP, IF_EARLIER, IF_LATER = '1', '2', '4', '5'

-- The request as it was given: without its trace, and what its runs or its rule put in.
local function as_given(record)
  local payload_at, sections = parse(record)
  local series, trace = payload_at and sections[HAS_SERIES], payload_at and sections[HAS_TRACE]
  if not (series or trace) then return string.sub(record, FLAGS_AT) end
  local flags, rest = string.byte(record, FLAGS_AT), series or trace
  local is_by_rule = bit.band(flags, IS_DUE_BY_RULE) > 0
  local given = string.char(flags - (trace and HAS_TRACE or 0))
    .. string.sub(record, is_by_rule and SECTIONS_AT or GIVEN_AT, rest - 1)
  if series then
    local from, to = content(record, series)
    -- With its length, since an interval does not say where it ends.
    given = given .. string.sub(record, series, from - 1)
      .. string.sub(record, from + RUNS_BYTES, to - 1)
    rest = to
  end
  if trace then rest = select(2, content(record, trace)) end
  return given .. string.sub(record, rest)
end

-- Where a job stands: 0 nowhere, 1 pending, 2 leased, 3 dead.
local function state_of(id)
  for state, index in ipairs({PENDING, LEASES, DEAD}) do
    if redis.call('ZSCORE', index, id) then return state end
  end
  return 0
end

-- Call before the first conflict of a script is resolved, and before anything is written.
local function check_conflicts()
  check('ZCARD', LEASES, DEAD, TTLS)
  check('HLEN', DELIVERIES)
end

-- Gives the outcome, the due time of the job that stays, if one stays, its state and what room is
-- left.
local function resolve_conflict(id, conflict, due, record, room)
  local old = redis.call('HGET', JOBS, id)
  local same = as_given(old) == as_given(record)
  local waiting = tonumber(redis.call('ZSCORE', PENDING, id))
  local leased = not waiting and redis.call('ZSCORE', LEASES, id)
  local state = waiting and 1 or leased and 2 or 3
  local in_force = waiting or (parse(old) and due_of(old) or 0)
  if not waiting then
    local _, delivered_due = delivery(id)
    in_force = delivered_due or in_force
  end
  if conflict == KEEP or (same and (conflict == REJECT or leased or waiting == due
      or (waiting and select(2, parse(record))[HAS_SERIES]))) then
    return 3, in_force, state, room
  elseif leased then
    return 5, in_force, state, room
  elseif conflict == REJECT then
    return 4, in_force, state, room
  elseif waiting and ((conflict == IF_EARLIER and due >= waiting)
      or (conflict == IF_LATER and due <= waiting)) then
    return 3, in_force, state, room
  elseif not waiting and room <= 0 then
    return 6, 0, state, room
  elseif due > end_of(record) then
    return 12, 0, state, room
  end
  redis.call('HSET', JOBS, id, record)
  redis.call('ZADD', PENDING, due, id)
  redis.call('ZREM', DEAD, id)
  redis.call('HDEL', DELIVERIES, id)
  limit_wait(id, due, 0, record)
  return 2, due, 1, waiting and room or room - 1
end
