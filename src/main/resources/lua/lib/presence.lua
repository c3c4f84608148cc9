-- Which replicas said that they have watchers of the queue, field watchers of meta: replica,
-- watchers, until ms and since ms of each. An earlier version does not say since when.

-- Goes through those whose word holds: for its time, but not once the clock was set back, for it
-- would hold too long.
local function each_present(said)
  local each = string.gmatch(said or '', '(%x+) (%d+) (%d+) ?(%d*)')
  return function()
    while true do
      local replica, n, until_ms, since = each()
      if not replica then return nil end
      if tonumber(until_ms) > now_ms and (tonumber(since) or 0) <= now_ms then
        return replica, n, until_ms, since
      end
    end
  end
end

-- For how many ms the shard has been idle, as far as somebody looked, 0 from now on, or -1: it is
-- in use. Then what is to be noted of it, or false, and what was: field idle of meta, since ms and
-- how many jobs had been scheduled by then, so that one that came and went meanwhile shows. Scripts
-- that set anything, and present, take it away.
local function idle_for(stream)
  local meta = redis.call('HMGET', META, 'paused', 'limits', 'stream', 'watchers', 'scheduled',
    'idle')
  local noted, scheduled = meta[6], meta[5] or '0'
  if meta[1] or meta[2] or meta[3] or each_present(meta[4])()
    or redis.call('HLEN', JOBS) + redis.call('XLEN', stream) > 0 then
    return -1, false, noted
  end
  local since, before = string.match(noted or '', '^(%d+) (%d+)$')
  -- Later than now it is only where the clock was set back.
  if before ~= scheduled or tonumber(since) > now_ms then
    return 0, string.format('%.0f %s', now_ms, scheduled), noted
  end
  return now_ms - since, noted, noted
end
