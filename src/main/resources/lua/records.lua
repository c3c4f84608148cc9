-- Stands behind the prelude: the layouts of records and deliveries, big-endian.
--
-- Record:   layout 1 | due ms 6 | created ms 6 | request, which is never changed but for its runs:
--           flags 1 (1 a delay, 2 has ttl, 4 has meta, 8 recurs, which has meta, 16 its rule gave
--           the due time, 32 has trace) | due or delay ms as given 6 | ttl ms 6 | trace 16, span 8,
--           its flags 1 | runs completed 6, died 6, missed 6 | length of meta 4 | meta (recurrence,
--           policy, attributes) | payload
-- Delivery: failed attempts 4 (highest bit: the job recurs) | due ms 6 | stamp 28 (zero: no lease)
--           | last failure
-- A stamp is fence 8 | random 8 | replica 8 | watcher 4. One that is zero but for its fence is
-- nobody's: the ttl of a run has passed, and the next one is to be set. A record of another layout,
-- or cut short, is unreadable: it stays in its index, or goes to dead, until it is replaced.
local NO_STAMP = string.rep('\0', 28)
local UNREADABLE = 'unreadable record'

-- Whether a record has ttl, meta, runs, and how many bytes stand before its meta.
local function layout_of(record)
  local flags = string.byte(record, 14)
  local has_ttl, recurs, traced = bit.band(flags, 2) > 0, bit.band(flags, 8) > 0, flags >= 32
  local size = 20 + (has_ttl and 6 or 0) + (traced and 25 or 0) + (recurs and 18 or 0)
  return has_ttl, bit.band(flags, 4) > 0, recurs, size, traced
end

-- Whether a record has this layout and is as long as its header says.
local function is_readable(record)
  if #record < 20 or string.byte(record) ~= 2 then return false end
  local _, has_meta, recurs, size = layout_of(record)
  if not has_meta then return #record >= size and not recurs end
  return #record >= size + 4 and #record >= size + 4 + struct.unpack('>I4', record, size + 1)
end

-- 0: none.
local function ttl_of(record) return layout_of(record) and struct.unpack('>I6', record, 21) or 0 end
local function due_of(record) return struct.unpack('>I6', record, 2) end
local function recurs(record) return select(3, layout_of(record)) end

-- The request as it was given, to compare: without its trace, and what runs or the rule put in.
local function as_given(record)
  local flags = string.byte(record, 14)
  if not is_readable(record) or flags < 8 then return string.sub(record, 14) end
  local has_ttl, _, _, size = layout_of(record)
  return string.char(flags % 32) .. string.sub(record, 15, flags % 32 < 16 and 20 or 14)
    .. string.sub(record, 21, has_ttl and 26 or 20) .. string.sub(record, size + 1)
end

-- A record that recurs, with the due time of its next run and how its runs ended so far.
local function with_run(record, due, completed, died, missed)
  local _, _, _, size = layout_of(record)
  return string.sub(record, 1, 1) .. struct.pack('>I6', due) .. string.sub(record, 8, size - 18)
    .. struct.pack('>I6I6I6', completed, died, missed) .. string.sub(record, size + 1)
end

-- '' if the record is unreadable.
local function without_payload(record)
  if not is_readable(record) then return '' end
  local _, has_meta, _, size = layout_of(record)
  local meta = has_meta and 4 + struct.unpack('>I4', record, size + 1) or 0
  return string.sub(record, 1, size + meta)
end

local function with_due(record, due)
  return string.sub(record, 1, 1) .. struct.pack('>I6', due) .. string.sub(record, 8)
end

local function pack_delivery(failed, due, stamp, failure, is_recurring)
  return struct.pack('>I4I6', failed + (is_recurring and 2^31 or 0), due) .. stamp .. failure
end

local function stamp_of(side) return string.sub(side, 11, 38) end

-- Gives failed attempts, due time, stamp, last failure and, while leased, whether the job recurs;
-- of one cut short, nothing.
local function unpack_delivery(side)
  if not side or #side < 38 then return 0, nil, NO_STAMP, '', false end
  local failed, due = struct.unpack('>I4I6', side)
  return failed % 2^31, due, stamp_of(side), string.sub(side, 39), failed >= 2^31
end

local function nobodys_stamp() return struct.pack('>I8', now_us) .. string.sub(NO_STAMP, 9) end
local function is_nobodys(stamp) return string.sub(stamp, 9) == string.sub(NO_STAMP, 9) end

local function delivery(id) return unpack_delivery(redis.call('HGET', DELIVERIES, id)) end

-- The expiry of the lease if this stamp is the one in force, or nil.
local function lease_of(id, stamp)
  local expiry = redis.call('ZSCORE', LEASES, id)
  if not expiry then return nil end
  local _, _, current = delivery(id)
  return current == stamp and tonumber(expiry) or nil
end
