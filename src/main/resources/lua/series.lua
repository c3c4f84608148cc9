-- Reads what it takes to set the next runs of jobs that recur. O(K).
--
-- Lib        records, deliveries
-- ARGV[2+2i] id        id     of each lease
-- ARGV[3+2i] lease_id  lease
-- Returns    now in us, then for each lease: record without payload, or '' if it is lost
-- Keeps      writes nothing. A lease that ran out, but was not ended yet, is not lost.
local reply = {now_us}

for i = 2, #ARGV, 2 do
  local record = expiry_of(ARGV[i], ARGV[i + 1]) and redis.call('HGET', JOBS, ARGV[i])
  reply[#reply + 1] = record and without_payload(record) or ''
end

return reply
