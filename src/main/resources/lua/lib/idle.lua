-- Behind presence: how long the shard has been idle, as far as somebody looked. Field idle of meta:
-- since ms, and how many jobs had been scheduled by then, so that one that came and went meanwhile
-- shows. Scripts that set anything, and present, take it away.

-- For how many ms, 0 from now on, or -1: it is in use. Then what is to be noted of it,
-- or false, and what was.
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
