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
