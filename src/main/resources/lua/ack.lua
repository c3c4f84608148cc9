-- Removes jobs that are done, but for those that recur: gives their records, and renew ends their
-- runs. O(K log L).
--
-- Lib        records, deliveries, expiry, admission
-- ARGV[2+2i] id        id     of each lease
-- ARGV[3+2i] lease_id  lease
-- Returns    now in us, then for each lease: 1 ended, 0 lost, 2 run_over: it recurs, and is as
--            it was; behind a 2: record without payload, or '' if it is missing or unreadable
-- Keeps      only the lease in force, and not run out, can end its job. Removes first: it works
--            out of memory.
local reply, asked, done, ids, most = {now_us}, {}, {}, {}, most_out()
for i = 2, #ARGV, 2 do asked[#asked + 1] = ARGV[i] end
local expiries = many('ZMSCORE', LEASES, asked)
local packed = many('HMGET', DELIVERIES, asked)

for i, id in ipairs(asked) do
  local held = not done[id] and expiries[i] and tonumber(expiries[i]) > now_ms
    and packed[i] and lease_of(packed[i]) == ARGV[2 * i + 1]
  local again = held and is_recurring(packed[i])
  if held and not again then
    done[id] = true
    ids[#ids + 1] = id
  end
  reply[#reply + 1] = again and 2 or held and 1 or 0
  if again then reply[#reply + 1] = without_payload(redis.call('HGET', JOBS, id)) end
end

if #ids > 0 then
  -- First what may not have been read yet: it may be of another type.
  redis.call('HDEL', JOBS, unpack(ids))
  redis.call('ZREM', LEASES, unpack(ids))
  redis.call('HDEL', DELIVERIES, unpack(ids))
end
count('acked', #ids)
freed(#ids, most)
return reply
