-- Stands behind the prelude: the layouts of records and deliveries, big-endian.
--
-- Record:   layout 1 | due ms 6 | created ms 6 | request, which is never changed:
--           flags 1 (1 a delay, 2 has ttl, 4 has meta) | due or delay ms as given 6
--           | ttl ms 6 | length of meta 4 | meta (policy, attributes) | payload
-- Delivery: failed attempts 4 | due ms 6 | stamp 28 (zero: no lease) | last failure
-- A stamp is fence 8 | random 8 | replica 8 | watcher 4.
-- A record of another layout, or cut short, is unreadable: it stays in its index, or is moved to
-- dead, until someone cancels or replaces it.
local NO_STAMP = string.rep('\0', 28)
local UNREADABLE = 'unreadable record'

local function flags_of(record)
  local flags = string.byte(record, 14)
  return bit.band(flags, 2) > 0, bit.band(flags, 4) > 0
end

-- Whether a record has this layout and is as long as its header says.
local function is_readable(record)
  if #record < 20 or string.byte(record) ~= 2 then return false end
  local has_ttl, has_meta = flags_of(record)
  local size = has_ttl and 26 or 20
  if not has_meta then return #record >= size end
  return #record >= size + 4 and #record >= size + 4 + struct.unpack('>I4', record, size + 1)
end

-- 0: none.
local function ttl_of(record) return flags_of(record) and struct.unpack('>I6', record, 21) or 0 end

local function due_of(record) return struct.unpack('>I6', record, 2) end

-- '' if the record is unreadable.
local function without_payload(record)
  if not is_readable(record) then return '' end
  local has_ttl, has_meta = flags_of(record)
  local meta = has_ttl and 27 or 21
  return string.sub(record, 1, has_meta and meta + 3 + struct.unpack('>I4', record, meta) or meta - 1)
end

local function with_due(record, due)
  return string.sub(record, 1, 1) .. struct.pack('>I6', due) .. string.sub(record, 8)
end

local function pack_delivery(failed, due, stamp, failure)
  return struct.pack('>I4I6', failed, due) .. stamp .. failure
end

local function stamp_of(side) return string.sub(side, 11, 38) end

-- Gives failed attempts, due time, stamp and last failure; of one cut short, nothing.
local function unpack_delivery(side)
  if not side or #side < 38 then return 0, nil, NO_STAMP, '' end
  local failed, due = struct.unpack('>I4I6', side)
  return failed, due, stamp_of(side), string.sub(side, 39)
end

local function delivery(id) return unpack_delivery(redis.call('HGET', DELIVERIES, id)) end

-- The expiry of the lease if this stamp is the one in force, or nil.
local function lease_of(id, stamp)
  local expiry = redis.call('ZSCORE', LEASES, id)
  if not expiry then return nil end
  local _, _, current = delivery(id)
  return current == stamp and tonumber(expiry) or nil
end
