-- How records of many jobs are read in few commands.

-- So much is read at once, going by the longest record so far: a few, even where all are short, for
-- those behind them may be long, and not wanted.
local READ_BYTES, LEAST_BYTES = 65536, 8192

-- Whether it may be an id as IdCodec packs it.
local function is_id(id) return #id > 0 and #id <= 257 end

-- A function that gives the record of the id at an index, or nothing. Ask in order.
local function records_of(ids)
  local read, from, last, longest = nil, 1, 0, LEAST_BYTES
  return function(i)
    if i > last then
      from, last = i, math.min(#ids, i + math.floor(READ_BYTES / longest))
      read = redis.call('HMGET', JOBS, unpack(ids, from, last))
    end
    local record = is_id(ids[i]) and read[i - from + 1]
    if record then longest = math.max(longest, #record) end
    return record
  end
end
