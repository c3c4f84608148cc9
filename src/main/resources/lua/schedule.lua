-- Stores jobs, each on its own, and announces a new head. O(B log N).
--
-- Lib        records, deliveries, expiry, admission, conflicts, repeats
-- KEYS[8]    requests        only where a request has an id
-- KEYS[9]    older_requests  only where a request has an id
-- ARGV[2]    window_ms     ms      for which a request is known by its id
-- ARGV[3+5i] id            id      of each job
-- ARGV[4+5i] conflict      code    1 reject, 2 keep, 3 replace, 4 replace_if_earlier,
--                                  5 replace_if_later
-- ARGV[5+5i] request       binary  a record from its flags on
-- ARGV[6+5i] request_id    binary  name 14, fingerprint 8; '' without one
-- ARGV[7+5i] not_after_ms  ms      later it is not carried out; 0: none
-- Returns    now in us, then for each job: outcome (0 over: nothing is done before the job that has
--            the id is ended, 1 created, 2 replaced, 3 unchanged, 4 id_taken: another job has the
--            id, 5 id_leased: another job has it and is leased, 6 queue_full, 7 was_created,
--            8 was_replaced, 9 was_unchanged: its request was carried out before,
--            10 request_id_reused: by another request, 11 too_late,
--            12 after_end: of its own series), due ms in force, state of the job that has the id (0
--            none, or it is too late, 1 pending, 2 leased, 3 dead)
-- Keeps      a record exists if and only if its id is in one index. A job that recurs and waits
--            stays as it is when its own request is repeated. The first write is HSET, which
--            Redis refuses cleanly when it is out of memory.
local before, earliest, created, room = head(PENDING), math.huge, 0, room_of()
local ids, requests, records, adds, waits, is_new = {}, {}, {}, {}, {}, {}
local reply, has_conflict, added = {now_us}, false, 0

-- New jobs are written together: one command costs Redis less than a hundred.
local function write_new()
  if added > 0 then
    if #waits > 0 then check('ZCARD', TTLS) end
    redis.call('HSET', JOBS, unpack(records))
    redis.call('ZADD', PENDING, unpack(adds))
    if #waits > 0 then redis.call('ZADD', TTLS, unpack(waits)) end
    records, adds, waits, added = {}, {}, {}, 0
  end
end

for i = 3, #ARGV, 5 do
  local at = (i + 2) / 5
  ids[at], requests[at] = ARGV[i], ARGV[i + 3]
end
local old, recall, keep, write_kept = many('HMGET', JOBS, ids), repeats(requests, tonumber(ARGV[2]))

for i, id in ipairs(ids) do
  local request, not_after = ARGV[5 * i], tonumber(ARGV[5 * i + 2])
  local outcome, due, state = 11, 0, 0
  if not_after == 0 or now_ms <= not_after then
    -- What this very call has stored is not over yet.
    if old[i] and not is_new[id] and is_over(id) then
      outcome, due = 0, 0
    else
      outcome, due, state = nil, nil, is_new[id] and 1
      if requests[i] ~= '' then outcome, due = recall(requests[i]) end
    end
  end
  if not outcome then
    local flags, given = struct.unpack('>I1I6', request)
    outcome, state, due = 1, 1, due_at(flags % 2 == IS_DELAY, given)
    local record = struct.pack('>I1I6I6', LAYOUT, due, now_ms) .. request
    if old[i] or is_new[id] then
      if not has_conflict then check_conflicts() end
      has_conflict = true
      write_new()
      outcome, due, state, room = resolve_conflict(id, ARGV[5 * i - 1], due, record, room)
      is_new[id] = is_new[id] or outcome == 2
    elseif room <= 0 then
      outcome, due, state = 6, 0, 0
    elseif flags >= HAS_SERIES and due > end_of(record) then
      outcome, due, state = 12, 0, 0
    else
      is_new[id], created, room = true, created + 1, room - 1
      records[added + 1], records[added + 2] = id, record
      adds[added + 1], adds[added + 2] = digits(due), id
      added = added + 2
      local ttl = flags >= HAS_TTL and ttl_of(record, select(2, parse(record))) or 0
      if ttl > 0 then waits[#waits + 1], waits[#waits + 2] = due + ttl + 1, id end
    end
    if outcome <= 2 and due < earliest then earliest = due end
    if outcome <= 3 and requests[i] ~= '' then keep(requests[i], outcome, due) end
  end
  reply[3 * i - 1], reply[3 * i], reply[3 * i + 1] = outcome, due, state or state_of(id)
end

write_new()
write_kept()
count('scheduled', created)
if earliest < (before or math.huge) then announce(before) end
return reply
