-- Stores jobs, each on its own, and announces a new head. O(B log N).
--
-- Lib        records, requests, deliveries, admission, conflicts
-- ARGV[2+3i] id        id      of each job
-- ARGV[3+3i] conflict  code    1 reject, 2 keep, 3 replace, 4 replace_if_earlier,
--                              5 replace_if_later
-- ARGV[4+3i] request   binary  a record from its flags on
-- Returns    now in us, then for each job: outcome (1 created, 2 replaced, 3 unchanged,
--            4 id_taken: another job has the id, 5 id_leased: another job has it and is leased,
--            6 queue_full, 7 after_end: of its own series), due ms in force, state of the job
--            that has the id (0 none, 1 pending, 2 leased, 3 dead)
-- Keeps      a record exists if and only if its id is in one index. A job that recurs and waits
--            stays as it is when its own request is repeated. The first write is HSET, which
--            Redis refuses cleanly when it is out of memory.
local before, created, reply, room = head(PENDING), 0, {now_us}, room_of()
local ids, records, adds, is_new = {}, {}, {}, {}

-- New jobs are written together: one command costs Redis less than a hundred.
local function write_new()
  if #adds > 0 then
    redis.call('HSET', JOBS, unpack(records))
    redis.call('ZADD', PENDING, unpack(adds))
    records, adds = {}, {}
  end
end

for i = 2, #ARGV, 3 do ids[#ids + 1] = ARGV[i] end
local old = many('HMGET', JOBS, ids)

for i, id in ipairs(ids) do
  local request, outcome, state = ARGV[3 * i + 1], 1, 1
  local flags, due = struct.unpack('>I1I6', request)
  if flags % 2 == IS_DELAY then due = due_at(true, due) end
  local record = struct.pack('>I1I6I6', LAYOUT, due, now_ms) .. request
  if old[i] or is_new[id] then
    write_new()
    outcome, due, state, room = resolve_conflict(id, ARGV[3 * i], due, record, room)
  elseif room <= 0 then
    outcome, due, state = 6, 0, 0
  elseif due > end_of(record) then
    outcome, due, state = 7, 0, 0
  else
    is_new[id], created, room = true, created + 1, room - 1
    records[#records + 1], records[#records + 2] = id, record
    adds[#adds + 1], adds[#adds + 2] = due, id
  end
  for _, field in ipairs({outcome, due, state}) do reply[#reply + 1] = field end
end

write_new()
count('scheduled', created)
announce(before)
return reply
