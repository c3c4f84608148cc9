-- Leases due jobs, the earliest first, one for each slot. With no slots it only looks.
-- O(K log N).
--
-- Lib        records, reads, deliveries, expiry, admission
-- ARGV[2]    max_bytes    bytes   of records to return; one is always allowed
-- ARGV[3]    deadline_ms  ms      later it only looks; 0: none
-- ARGV[4]    overdue_ms   ms      only jobs that have been due for so long
-- ARGV[5]    slots        binary  a byte for each slot: its holder, from 1
-- ARGV[6+2i] lease_ms     ms      of each holder
-- ARGV[7+2i] lease_tail   binary  20 bytes: lease ids of this holder, behind their fence
-- Returns    now in us, next ms to claim at or -1, when the next lease or wait is over ms or -1,
--            jobs and runs dropped for their ttl, hold (0 none, 1 limited) or 2 if they go to the
--            Redis Stream, fence of the first job, 0 if the shard holds no dead jobs, 1 if it may,
--            then for each job, whose fence is one more than that of the one before: id, due ms,
--            failed attempts, failures, record
-- Keeps      an id moves from pending to leases and gets a delivery; one whose record is
--            unreadable moves to dead, so that it holds up no other; one whose ttl has passed goes
--            as lib/expiry says. Fences only grow, even when a failover lost the last ones.
--            Removes first: it works out of memory.
local room, slots = tonumber(ARGV[2]), #ARGV[5]
if ARGV[3] ~= '0' and now_ms > tonumber(ARGV[3]) then slots = 0 end
local free, settle, stream = admit()
local fence, longest = shorten_leases()
local first_end, first_wait = head(LEASES), head(TTLS)
slots = math.min(slots, free)
local were_out, given, ends = first_end, 0, {}
local reply = {now_us, -1, -1, 0, 0, 0, 1}
local taken, leases, sides, dead, waits, over, served = {}, {}, {}, {}, {}, {}, 0

if slots > 0 then
  local latest = string.format('%.0f', now_ms - ARGV[4])
  local due = redis.call('ZRANGEBYSCORE', PENDING, '-inf', latest, 'WITHSCORES', 'LIMIT', 0, slots)
  local ids = {}
  for i = 1, #due, 2 do ids[#ids + 1] = due[i] end
  local tried, record_of = many('HMGET', DELIVERIES, ids), records_of(ids)
  fence = math.max(fence, now_us - 1)
  reply[6] = fence + 1
  for i, id in ipairs(ids) do
    local due_ms, record = time_of(due[2 * i]), record_of(i)
    local failed, _, _, failures = unpack_delivery(tried[i])
    if record and served > 0 and #record > room then break end
    taken[#taken + 1] = id
    local payload_at, sections = nil, NO_SECTIONS
    if record then payload_at, sections = parse(record) end
    local ttl = payload_at and ttl_of(record, sections) or 0
    if ttl > 0 then waits[#waits + 1] = id end
    if record and not payload_at then
      dead[#dead + 1], dead[#dead + 2] = now_ms, id
      failures = add_failure(failures, UNREADABLE)
      sides[#sides + 1], sides[#sides + 2] = id, pack_delivery(failed, due_ms, NO_LEASE, failures)
    elseif ttl > 0 and failed == 0 and now_ms > due_ms + ttl then
      over[#over + 1] = {id, due_ms, sections[HAS_SERIES] or false, failures}
    elseif record then
      room, served, fence = room - #record, served + 1, fence + 1
      local holder = 4 + 2 * string.byte(ARGV[5], served)
      local lease_id, lease_ms = struct.pack('>I8', fence) .. ARGV[holder + 1], ARGV[holder]
      if not ends[holder] then
        ends[holder], given = digits(now_ms + lease_ms), math.max(given, lease_ms)
        first_end = math.min(first_end or math.huge, now_ms + lease_ms)
      end
      leases[#leases + 1], leases[#leases + 2] = ends[holder], id
      sides[#sides + 1], sides[#sides + 2] =
        id, pack_delivery(failed, due_ms, lease_id, failures, sections[HAS_SERIES])
      local at = #reply
      reply[at + 1], reply[at + 2], reply[at + 3], reply[at + 4], reply[at + 5] =
        id, due_ms, failed, failures, record
    end
  end
  if #dead > 0 then check('ZCARD', DEAD) end
  for _, wait in ipairs(over) do end_wait(unpack(wait)) end
  if #taken > 0 then redis.call('ZREM', PENDING, unpack(taken)) end
  if #waits > 0 then redis.call('ZREM', TTLS, unpack(waits)) end
  if #dead > 0 then redis.call('ZADD', DEAD, unpack(dead)) end
  if #sides > 0 then redis.call('HSET', DELIVERIES, unpack(sides)) end
  if served > 0 then
    longest = math.max(were_out and longest or 0, given)
    redis.call('HSET', META, 'fence', string.format('%.0f', fence), 'longest', longest)
  end
  if #leases > 0 then redis.call('ZADD', LEASES, unpack(leases)) end
  count('dispatched', served)
  count('unreadable', #dead / 2)
end

local again = settle(served)
if #waits > 0 then first_end, first_wait = head(LEASES), head(TTLS) end
reply[2], reply[3], reply[4] = head(PENDING) or -1, earlier(first_end, first_wait), #over
if served >= free and reply[2] > -1 and reply[2] <= now_ms then reply[2], reply[5] = again, 1 end
if stream then reply[5] = 2 end
if served == 0 and redis.pcall('ZCARD', DEAD) == 0 then reply[7] = 0 end
return reply
