-- Reads jobs. O(K).
--
-- Lib        records, deliveries
-- ARGV[2]    with_payload  flag
-- ARGV[3]    max_bytes     bytes  of records to read, payloads included; one is always allowed
-- ARGV[4+i]  id            id     of each job
-- Returns    now in us, then for each job until the bytes are used up: state (0 none, 1 pending,
--            2 leased, 3 dead), its score in that index, failed attempts, due ms of the delivery
--            or -1, failures, record ('' if it is unreadable)
-- Keeps      writes nothing.
local reply, room = {now_us}, tonumber(ARGV[3])

for i = 4, #ARGV do
  local id = ARGV[i]
  local record = redis.call('HGET', JOBS, id)
  if i > 4 and record and #record > room then break end
  room = room - #(record or '')
  local unreadable = record and not parse(record)
  if record and (ARGV[2] == '0' or unreadable) then record = without_payload(record) end
  local state, score = 0, nil
  for s, index in ipairs({PENDING, LEASES, DEAD}) do
    if record and state == 0 then
      score = redis.call('ZSCORE', index, id)
      if score then state = s end
    end
  end
  local failed, due, _, failures = delivery(id)
  if unreadable and failures_of(failures) == '' then
    failures = add_failure(failures, UNREADABLE)
  end
  local fields = {state, time_of(score) or -1, failed, due or -1, failures, record or ''}
  for _, field in ipairs(fields) do reply[#reply + 1] = field end
end

return reply
