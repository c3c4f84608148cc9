-- Deliveries and leases. The layout of a delivery is in the table of package store.redis.layout.
local LEASE_AT, FAILURE_AT = 11, 39
local RECURS = 2 ^ 31
local NO_LEASE = string.rep('\0', 28)

local function pack_delivery(failed, due, lease_id, failure, recurs)
  return struct.pack('>I4I6', failed + (recurs and RECURS or 0), due) .. lease_id .. failure
end

local function lease_of(packed) return string.sub(packed, LEASE_AT, FAILURE_AT - 1) end

-- Failed attempts, due ms, lease id, last failure and, while leased, whether the job recurs; of one
-- that is missing or cut short, nothing of all that.
local function unpack_delivery(packed)
  if not packed or #packed < FAILURE_AT - 1 then return 0, nil, NO_LEASE, '', false end
  local failed, due = struct.unpack('>I4I6', packed)
  return failed % RECURS, due, lease_of(packed), string.sub(packed, FAILURE_AT), failed >= RECURS
end

local function delivery(id) return unpack_delivery(redis.call('HGET', DELIVERIES, id)) end

-- Keeps what a lease that ended leaves, if it leaves anything.
local function keep_delivery(id, failed, due, failure)
  if failed == 0 and failure == '' then
    redis.call('HDEL', DELIVERIES, id)
  else
    redis.call('HSET', DELIVERIES, id, pack_delivery(failed, due, NO_LEASE, failure))
  end
end

-- The lease of a run whose ttl has passed belongs to nobody: it has a fence only.
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
local function given_leases()
  local given = redis.call('HMGET', META, 'fence', 'longest')
  return tonumber(given[1] or 0), tonumber(given[2] or 0)
end

-- Where the last lease has a fence of a time that is still to come, the clock was set back: leases
-- of that time end no later than those that are given now. At most 100. Gives both fields.
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
