-- Deliveries and leases. The layout of a delivery is in the table of package store.redis.layout.
local LEASE_AT, FAILURE_AT = 11, 39
local RECURS, RECURS_BYTE = 2147483648, 128
local NO_LEASE = string.rep('\0', 28)
-- Before the time of the first failure: its reason is the last one, or comes behind the time.
local SAME, OTHER = '\254', '\255'

local function pack_delivery(failed, due, lease_id, failures, recurs)
  failed, due = failed + (recurs and RECURS or 0), time_of(due)
  return struct.pack('>I4I6', failed, due) .. lease_id .. failures
end

-- Of one that is not cut short: whether the job recurs, while it is leased.
local function is_recurring(packed) return string.byte(packed) >= RECURS_BYTE end
local function lease_of(packed) return string.sub(packed, LEASE_AT, FAILURE_AT - 1) end

-- The last failure, the time of the first as it is packed, or '', and the first.
local function failures_of(failures)
  local at = string.find(failures, '[' .. SAME .. OTHER .. ']') or #failures + 1
  local last, time = string.sub(failures, 1, at - 1), string.sub(failures, at + 1, at + 6)
  return last, time, string.sub(failures, at, at) == SAME and last or string.sub(failures, at + 7)
end

-- Failures behind one more: '' keeps the last reason. It is the first if it is the first to count.
local function add_failure(failures, reason, is_first)
  local last, time, first = failures_of(failures)
  if is_first then time, first = struct.pack('>I6', now_ms), reason end
  if reason ~= '' then last = reason end
  if time == '' then return last end
  return last .. (first == last and SAME .. time or OTHER .. time .. first)
end

-- Failed attempts, due ms, lease id, failures and, while leased, whether the job recurs; of one
-- that is missing or cut short, nothing of all that.
local function unpack_delivery(packed)
  if not packed or #packed < FAILURE_AT - 1 then return 0, nil, NO_LEASE, '', false end
  local failed, due = struct.unpack('>I4I6', packed)
  local recurs, failures = failed >= RECURS, string.sub(packed, FAILURE_AT)
  failed = failed % RECURS
  -- The version before this keeps a first failure where the attempts begin anew.
  if failed == 0 then failures = failures_of(failures) end
  return failed, due, lease_of(packed), failures, recurs
end

local function delivery(id) return unpack_delivery(redis.call('HGET', DELIVERIES, id)) end

-- Keeps what a lease that ended leaves, if it leaves anything: of a dead job, when it was due.
local function keep_delivery(id, failed, due, failures, is_dead)
  if failed == 0 then failures = failures_of(failures) end
  if failed == 0 and failures == '' and not is_dead then
    redis.call('HDEL', DELIVERIES, id)
  else
    redis.call('HSET', DELIVERIES, id, pack_delivery(failed, due, NO_LEASE, failures))
  end
end

-- Of a run whose ttl has passed: it has a fence only.
local function nobodys_lease() return struct.pack('>I8', now_us) .. string.sub(NO_LEASE, 9) end
local function is_nobodys(lease_id) return string.sub(lease_id, 9) == string.sub(NO_LEASE, 9) end

-- When the lease expires, ms, if this id is the one in force; else nothing.
local function expiry_of(id, lease_id)
  local expiry = redis.call('ZSCORE', LEASES, id)
  if not expiry then return nil end
  local _, _, current = delivery(id)
  return current == lease_id and tonumber(expiry) or nil
end

-- Fields of meta: fence of the last lease; longest, ms: no lease that is out was given for longer.
-- A fence that is a century ahead is damaged: it would not grow.
local function given_leases()
  local given = redis.call('HMGET', META, 'fence', 'longest')
  local longest = given[2] and (number(given[2], 0, LAST_MS) or LAST_MS) or 0
  return number(given[1], 0, now_us + 2 ^ 52) or 0, longest
end

-- Where the last fence is of a time to come, the clock was set back: leases of that time end no
-- later than those given now. At most 100. Gives both fields.
local function shorten_leases()
  local fence, longest = given_leases()
  if fence > now_us + 1000000 and longest > 0 then
    local latest = string.format('%.0f', now_ms + longest)
    local ids = redis.call('ZRANGEBYSCORE', LEASES, '(' .. latest, '+inf', 'LIMIT', 0, 100)
    for _, id in ipairs(ids) do
      redis.call('ZREM', LEASES, id)
      redis.call('ZADD', LEASES, latest, id)
    end
  end
  return fence, longest
end
