-- Leases due jobs, the earliest first, one for each slot. With no slots it only looks.
-- O(K log N).
--
-- ARGV     2 most bytes of records to return (one record is always allowed),
--          3 last ms to lease at (later it only looks; 0: no limit),
--          4 a byte for each slot: its holder, from 1;
--          then for each holder: lease ms, the last 20 bytes of its stamps
-- Returns  now in us, next ms to claim at or -1, next lease expiry ms or -1, runs dropped
--          for their ttl, 1 if a pause or a limit holds due jobs back or 2 if they go to a
--          stream, fence of the first job, then for each job, whose fence is one more than that of the one before: id, due ms, failed
--          attempts, record
-- Keeps    an id moves from pending to leases and gets a delivery; one whose record is unreadable
--          moves to dead, so that it holds up no other; one that recurs, and whose ttl has passed,
--          gets a lease that is nobody's and over, so that renew sets its next run. Fences only
--          grow, even when a failover lost the last ones. Removes first: it works out of memory.
local room, slots = tonumber(ARGV[2]), #ARGV[4]
if ARGV[3] ~= '0' and now_ms > tonumber(ARGV[3]) then slots = 0 end
local free, settle, stream = admit()
slots = math.min(slots, free)
local reply = {now_us, -1, -1, 0, 0, 0}
local taken, leases, sides, dead, dropped, late, served = {}, {}, {}, {}, 0, 0, 0

if slots > 0 then
  local due = redis.call('ZRANGEBYSCORE', PENDING, '-inf', now_ms, 'WITHSCORES', 'LIMIT', 0, slots)
  local ids = {}
  for i = 1, #due, 2 do ids[#ids + 1] = due[i] end
  local tried = many('HMGET', DELIVERIES, ids)
  local fence = math.max(tonumber(redis.call('HGET', META, 'fence') or 0), now_us - 1)
  reply[6] = fence + 1
  for i, id in ipairs(ids) do
    local due_ms, record = tonumber(due[2 * i]), redis.call('HGET', JOBS, id)
    local failed, _, _, failure = unpack_delivery(tried[i])
    if record and served > 0 and #record > room then break end
    taken[#taken + 1] = id
    local readable = record and is_readable(record)
    local ttl = readable and ttl_of(record) or 0
    if record and not readable then
      dead[#dead + 1], dead[#dead + 2] = now_ms, id
      sides[#sides + 1] = id
      sides[#sides + 1] = pack_delivery(failed, due_ms, NO_STAMP, UNREADABLE)
    elseif ttl > 0 and failed == 0 and now_ms > due_ms + ttl and recurs(record) then
      leases[#leases + 1], leases[#leases + 2] = now_ms, id
      sides[#sides + 1] = id
      sides[#sides + 1] = pack_delivery(0, due_ms, nobodys_stamp(), failure, true)
      late = late + 1
    elseif ttl > 0 and failed == 0 and now_ms > due_ms + ttl then
      forget(id)
      dropped = dropped + 1
    elseif record then
      room, served, fence = room - #record, served + 1, fence + 1
      local holder = 3 + 2 * string.byte(ARGV[4], served)
      local stamp = struct.pack('>I8', fence) .. ARGV[holder + 1]
      leases[#leases + 1] = now_ms + ARGV[holder]
      leases[#leases + 1] = id
      sides[#sides + 1] = id
      sides[#sides + 1] = pack_delivery(failed, due_ms, stamp, failure, recurs(record))
      for _, field in ipairs({id, due_ms, failed, record}) do reply[#reply + 1] = field end
    end
  end
  if #taken > 0 then redis.call('ZREM', PENDING, unpack(taken)) end
  if #dead > 0 then redis.call('ZADD', DEAD, unpack(dead)) end
  if #sides > 0 then redis.call('HSET', DELIVERIES, unpack(sides)) end
  if #leases > 0 then redis.call('ZADD', LEASES, unpack(leases)) end
  if served > 0 then
    redis.call('HSET', META, 'fence', string.format('%.0f', fence))
  end
  count('dispatched', served)
  count('expired', dropped)
  count('unreadable', #dead / 2)
end

local again = settle(served)
reply[2], reply[3], reply[4] = head(PENDING) or -1, head(LEASES) or -1, dropped + late
if served >= free and reply[2] > -1 and reply[2] <= now_ms then reply[2], reply[5] = again, 1 end
if stream then reply[5] = 2 end
return reply
