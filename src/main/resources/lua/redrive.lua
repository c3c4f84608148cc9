-- Makes dead jobs due again, with their attempts forgotten. O(K log N).
--
-- Lib        records, deliveries, expiry, admission
-- ARGV[2]    most     number  jobs, the longest dead first; 0: those named
-- ARGV[3]    from_ms  ms      from now, when the first of them is due
-- ARGV[4]    to_ms    ms      from now, when the one after the last would be
-- ARGV[5+i]  id       id      of each job, if they are named
-- Returns    now in us, how many were made due: those that there is room for; the others stay dead
-- Keeps      an id moves from dead to pending. Removes first: it works out of memory.
local before, ids = head(PENDING), {}
for i = 5, #ARGV do ids[#ids + 1] = ARGV[i] end
if ARGV[2] ~= '0' then ids = redis.call('ZRANGE', DEAD, 0, ARGV[2] - 1) end
check('HLEN', JOBS, DELIVERIES)
local from, to, redriven, room = tonumber(ARGV[3]), tonumber(ARGV[4]), 0, room_of()

for i, id in ipairs(ids) do
  if redriven < room and redis.call('ZREM', DEAD, id) == 1 then
    local after = math.floor(from + (to - from) * (i - 1) / #ids)
    local due, record = due_at(true, after), redis.call('HGET', JOBS, id)
    redis.call('ZADD', PENDING, due, id)
    redis.call('HDEL', DELIVERIES, id)
    if record then limit_wait(id, due, 0, record) end
    redriven = redriven + 1
  end
end

count('redriven', redriven)
announce(before)
return {now_us, redriven}
