-- Stands behind limits.lua, before the script that moves jobs to the stream of the shard: what its
-- entries are made of. An entry is for any client of Redis: fields id, due_ms, attempt, payload,
-- and attribute:NAME for each attribute.
local STREAM = KEYS[7]
-- While the stream is full, somebody may take entries out, and does not tell.
local FULL_PACE_MS = 100

local function payload_of(record)
  return string.sub(record, #without_payload(record) + 1)
end

-- Names and values in turn, the names behind 'attribute:'; nothing if its meta is unreadable.
local function attributes_of(record)
  local _, has_meta, recurring, size = layout_of(record)
  local at, fields, text = size + 5, {}, nil
  local function next_text()
    text, at = struct.unpack('>I4c0', record, at)
    return text
  end
  local readable = pcall(function()
    local last = has_meta and size + 4 + struct.unpack('>I4', record, size + 1) or 0
    if has_meta and recurring then
      local is_cron = string.byte(record, at) == 1
      at = at + (is_cron and 16 or 22)
      if is_cron then next_text(); next_text() end
    end
    at = at + (has_meta and string.byte(record, at) == 1 and 37 or 1)
    while at <= last do
      fields[#fields + 1] = 'attribute:' .. next_text()
      fields[#fields + 1] = next_text()
    end
  end)
  return readable and fields or {}
end

-- The attribute that tells the trace, as W3C Trace Context has it; nothing if it has none.
local function trace_of(record)
  local has_ttl, _, _, _, traced = layout_of(record)
  if not traced then return {} end
  local at = has_ttl and 26 or 20
  local hex = string.gsub(string.sub(record, at + 1, at + 25), '.', function(byte)
    return string.format('%02x', string.byte(byte))
  end)
  return {'attribute:traceparent', string.format('00-%s-%s-%s', string.sub(hex, 1, 32),
    string.sub(hex, 33, 48), string.sub(hex, 49))}
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
  local attributes = attributes_of(record)
  for _, text in ipairs(trace_of(record)) do attributes[#attributes + 1] = text end
  redis.call('XADD', STREAM, '*', 'id', unpack_id(id), 'due_ms', due_ms, 'attempt', attempt,
    'payload', payload_of(record), unpack(attributes))
end

-- A group that reads the stream from its beginning, where nobody made it or somebody took it away.
local function make_group(group)
  if redis.call('EXISTS', STREAM) == 1 then
    for _, each in ipairs(redis.call('XINFO', 'GROUPS', STREAM)) do
      if each[2] == group then return end
    end
  end
  redis.call('XGROUP', 'CREATE', STREAM, group, '0', 'MKSTREAM')
end
