-- Reads and changes records, and makes due times. The layout of records is the table in package
-- store.redis.layout; these are its constants, which a test compares with those of RecordLayout.
-- Positions count from 1.
local DUE_AT, CREATED_AT, FLAGS_AT, GIVEN_AT, SECTIONS_AT = 2, 8, 14, 15, 21
local IS_DELAY, IS_DUE_BY_RULE, HAS_TTL, HAS_SERIES, HAS_TRACE = 1, 2, 4, 8, 16
local LONG_LENGTH, RUNS_BYTES = 255, 18
local UNREADABLE = 'unreadable record'
local NO_SECTIONS = {}

-- Where the content behind a length begins, and where it has ended; nothing if it is cut short.
local function content(bytes, at)
  local size = string.byte(bytes, at)
  if size == LONG_LENGTH and at + 4 <= #bytes then
    size, at = struct.unpack('>I4', bytes, at + 1), at + 4
  elseif size == LONG_LENGTH then
    return nil
  end
  if size and at + size <= #bytes then return at + 1, at + 1 + size end
end

-- Where the payload begins, and the length of each section by its flag, also of sections that this
-- version does not know; nothing if the record has another layout or is cut short.
local function parse(record)
  if #record < SECTIONS_AT - 1 or string.byte(record) ~= LAYOUT then return nil end
  local flags, flag, at = string.byte(record, FLAGS_AT), HAS_TTL, SECTIONS_AT
  if flags < flag then return at, NO_SECTIONS end
  local sections, from = {}, nil
  while flag <= flags do
    if bit.band(flags, flag) > 0 then
      sections[flag] = at
      from, at = content(record, at)
      if not at or (flag == HAS_TTL and (at == from or at > from + 6))
        or (flag == HAS_SERIES and at < from + RUNS_BYTES) then return nil end
    end
    flag = 2 * flag
  end
  return at, sections
end

-- ms; 0: none.
local function ttl_of(record, sections)
  if not sections[HAS_TTL] then return 0 end
  local from, to = content(record, sections[HAS_TTL])
  return (struct.unpack('>I' .. to - from, record, from))
end

local function due_of(record) return (struct.unpack('>I6', record, DUE_AT)) end

-- After which no run of a job is due, ms; one that does not recur has no such time.
local function end_of(record)
  if bit.band(string.byte(record, FLAGS_AT), HAS_SERIES) == 0 then return math.huge end
  local _, sections = parse(record)
  if not (sections and sections[HAS_SERIES]) then return math.huge end
  local from, to = content(record, sections[HAS_SERIES])
  local at = from + RUNS_BYTES + 1
  return at + 6 <= to and (struct.unpack('>I6', record, at)) or math.huge
end

local function with_due(record, due)
  return string.sub(record, 1, DUE_AT - 1) .. struct.pack('>I6', due)
    .. string.sub(record, CREATED_AT)
end

-- '' if the record is missing or unreadable.
local function without_payload(record)
  return record and string.sub(record, 1, (parse(record) or 1) - 1) or ''
end

-- A due time. A delay is rounded up, so that it is never shorter than asked for.
local function due_at(is_delay, ms)
  return is_delay and math.ceil(now_us / 1000) + ms or tonumber(ms)
end

-- A time as an argument of a command: Redis writes a number as a fraction, which takes three times
-- as long. In two parts, since an integer of its Lua may have 32 bits.
local function digits(ms) return string.format('%d%07d', ms / 10000000, ms % 10000000) end
