-- Behind records: what the entries of a Redis Stream are made of. An entry is for any client of
-- Redis: fields id, due_ms, attempt, payload, and attribute:NAME for each attribute.
local STREAM = KEYS[8]
local HAS_ATTRIBUTES = 64
-- While it is full, somebody may take entries out, and does not tell.
local FULL_PACE_MS = 100

-- Names and values in turn, the names behind 'attribute:'; nothing if they are unreadable.
local function attributes_of(record, sections)
  if not sections[HAS_ATTRIBUTES] then return {} end
  local fields, at, last = {}, content(record, sections[HAS_ATTRIBUTES])
  while at < last do
    local from, to = content(record, at)
    if not to or to > last then return {} end
    local prefix = #fields % 2 == 0 and 'attribute:' or ''
    fields[#fields + 1] = prefix .. string.sub(record, from, to - 1)
    at = to
  end
  return #fields % 2 == 0 and fields or {}
end

-- Adds the attribute that tells the trace, as W3C Trace Context has it.
local function add_trace(fields, record, sections)
  local from, to = content(record, sections[HAS_TRACE])
  local hex = string.gsub(string.sub(record, from, to - 1), '.', function(byte)
    return string.format('%02x', string.byte(byte))
  end)
  fields[#fields + 1] = 'attribute:traceparent'
  fields[#fields + 1] = string.format('00-%s-%s-%s', string.sub(hex, 1, 32),
    string.sub(hex, 33, 48), #hex > 48 and string.sub(hex, 49) or '01')
end

-- The text of an id: 7 bits a character, and behind 127 bytes of UTF-8.
local function unpack_id(packed)
  local text, value, bits, width = {}, 0, 0, 7
  for i = 1, #packed do
    value, bits = value * 256 + string.byte(packed, i), bits + 8
    while bits >= width do
      bits = bits - width
      local code = math.floor(value / 2 ^ bits)
      value = value % 2 ^ bits
      if code == 127 and width == 7 then width = 8
      elseif code > 0 then text[#text + 1] = string.char(code) end
    end
  end
  return table.concat(text)
end

local function append(id, due_ms, attempt, record)
  local payload_at, sections = parse(record)
  local fields = attributes_of(record, sections)
  if sections[HAS_TRACE] then add_trace(fields, record, sections) end
  redis.call('XADD', STREAM, '*', 'id', unpack_id(id), 'due_ms', due_ms, 'attempt', attempt,
    'payload', string.sub(record, payload_at), unpack(fields))
end

-- Makes a group that reads the stream from its beginning, where nobody did or somebody removed it.
local function make_group(group)
  if redis.call('EXISTS', STREAM) == 1 then
    for _, each in ipairs(redis.call('XINFO', 'GROUPS', STREAM)) do
      if each[2] == group then return end
    end
  end
  redis.call('XGROUP', 'CREATE', STREAM, group, '0', 'MKSTREAM')
end

-- Call before anything else is written: nothing is half done where a key is of another type. What
-- removes comes first, so that it works out of memory.
local function begin_feed(group)
  check('ZCARD', LEASES, DEAD, TTLS)
  check('HLEN', JOBS, DELIVERIES)
  redis.call('HDEL', META, '')
  make_group(group)
end
