-- Reads the jobs of leases, for a Nack to decide by their retry policies. O(K).
--
-- Lib        records, deliveries
-- ARGV[2+2i] id        id     of each lease
-- ARGV[3+2i] lease_id  lease
-- Returns    now in us, then for each lease: failed attempts or -1 if it is lost, record without
--            payload or ''
-- Keeps      writes nothing.
local reply = {now_us}

for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local expiry = expiry_of(id, ARGV[i + 1])
  local record = expiry and expiry > now_ms and redis.call('HGET', JOBS, id)
  reply[#reply + 1] = record and delivery(id) or -1
  reply[#reply + 1] = without_payload(record)
end

return reply
