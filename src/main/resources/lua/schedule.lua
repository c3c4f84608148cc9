-- Stores jobs, each on its own, and announces a new head. O(B log N).
--
-- ARGV     2 channel, then for each job: id, conflict (reject | keep | replace | earlier | later),
--          at | after, ms, ttl ms, fingerprint, length of meta + meta + payload
-- Returns  now in us, then for each job: outcome (1 created, 2 replaced, 3 unchanged,
--          4 another job has the id, 5 another job has it and is leased), due ms in force
-- Keeps    a record exists if and only if its id is in one index. The first write is HSET,
--          which Redis refuses cleanly when it is out of memory.
local before, created, reply = head(PENDING), 0, {now_us}

for i = 3, #ARGV, 7 do
  local id, conflict, fingerprint = ARGV[i], ARGV[i + 1], ARGV[i + 5]
  local due = resolve(ARGV[i + 2], ARGV[i + 3])
  local function store()
    redis.call('HSET', JOBS, id, struct.pack('>I1I6I6I6', 1, due, now_ms, ARGV[i + 4])
      .. fingerprint .. ARGV[i + 6])
    redis.call('ZADD', PENDING, due, id)
  end

  local old, outcome = redis.call('HGET', JOBS, id), nil
  if not old then
    store()
    created = created + 1
    outcome = 1
  else
    local same = string.sub(old, 20, 35) == fingerprint
    local waiting = tonumber(redis.call('ZSCORE', PENDING, id))
    local leased = not waiting and redis.call('ZSCORE', LEASES, id)
    local in_force = waiting or struct.unpack('>I6', old, 2)
    if leased then
      local _, leased_due = delivery(id)
      in_force = leased_due or in_force
    end
    if conflict == 'keep' or (same and (conflict == 'reject' or leased or waiting == due)) then
      outcome = 3
    elseif leased then
      outcome = 5
    elseif conflict == 'reject' then
      outcome = 4
    elseif waiting and ((conflict == 'earlier' and due >= waiting)
        or (conflict == 'later' and due <= waiting)) then
      outcome = 3
    else
      store()
      redis.call('ZREM', DEAD, id)
      redis.call('HDEL', DELIVERIES, id)
      outcome = 2
    end
    if outcome ~= 2 then due = in_force end
  end
  reply[#reply + 1] = outcome
  reply[#reply + 1] = due
end

count('scheduled', created)
announce(ARGV[2], before)
return reply
