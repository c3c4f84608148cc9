-- Requests that were carried out, known by their ids for a window, whatever became of their jobs.
-- REQUESTS takes them, and becomes OLDER once a window has passed: what is in OLDER then is over
-- and goes as a whole, so that forgetting costs nothing by the item.
--
-- name  →  carried out at ms 6 | due ms 6 | outcome 1 | fingerprint 8, none of a cancel
local REQUESTS, OLDER = KEYS[8], KEYS[9]
local NAME_BYTES, BEGAN = 14, ''
-- About 80 MB. Where a window has more, the first of them are forgotten before it ends.
local MOST_REQUESTS = 1000000
local REPEATED, REUSED = 6, 10

local function begin_window(window_ms)
  local began = number(redis.call('HGET', REQUESTS, BEGAN), 0)
  local is_over = began and (now_ms >= began + window_ms
    or redis.call('HLEN', REQUESTS) > MOST_REQUESTS)
  if is_over then
    redis.call('UNLINK', OLDER)
    redis.call('RENAME', REQUESTS, OLDER)
  end
  -- Also where the clock was set back, or the window would last that much longer.
  if not began or is_over or began > now_ms then
    redis.call('HSET', REQUESTS, BEGAN, string.format('%.0f', now_ms))
    redis.call('PEXPIRE', REQUESTS, 2 * window_ms)
  end
end

-- A repeat writes, too, though nothing changes: who waits for replicas has to wait for what the
-- first try wrote. Not a field, which Redis refuses when it is out of memory.
local function touch(generation, window_ms)
  local began = number(redis.call('HGET', generation, BEGAN), 0) or now_ms
  local left_ms = math.min(began, now_ms) + 2 * window_ms - now_ms
  redis.call('PEXPIRE', generation, math.max(1, left_ms))
end

-- Whether a value says that a request was carried out within the window: no damaged one does.
local function holds(value, window_ms)
  if not value or #value < 13 then return false end
  local at, _, outcome = struct.unpack('>I6I6I1', value)
  return now_ms < at + window_ms and outcome >= 1 and outcome <= 3
end

-- Functions: one gives outcome and due time of a request that was carried out, or if another was
-- under its id; one keeps what came of a request; one writes all that was kept.
--
-- The window begins before anything else is written, so that nothing is half done where Redis
-- refuses that; or, for who has to remove first, with what was kept.
local function repeats(requests, window_ms, is_begun_last)
  local names, known, known_in, repeated, kept = {}, {}, {}, {}, {}
  for _, request in ipairs(requests) do
    if request ~= '' then names[#names + 1] = string.sub(request, 1, NAME_BYTES) end
  end
  if #names > 0 and not is_begun_last then
    check('HLEN', OLDER)
    begin_window(window_ms)
  end
  for _, generation in ipairs({OLDER, REQUESTS}) do
    for i, value in ipairs(many('HMGET', generation, names)) do
      if holds(value, window_ms) then
        known[names[i]], known_in[names[i]] = value, generation
      end
    end
  end

  local function recall(request)
    local name = string.sub(request, 1, NAME_BYTES)
    local value = known[name]
    if not value then return nil end
    if known_in[name] then repeated[known_in[name]] = true end
    local _, due, outcome, at = struct.unpack('>I6I6I1', value)
    if string.sub(value, at) ~= string.sub(request, NAME_BYTES + 1) then return REUSED, 0 end
    return REPEATED + outcome, due
  end

  local function keep(request, outcome, due)
    if request == '' then return end
    local name = string.sub(request, 1, NAME_BYTES)
    known[name] = struct.pack('>I6I6I1', now_ms, due, outcome)
      .. string.sub(request, NAME_BYTES + 1)
    kept[#kept + 1], kept[#kept + 2] = name, known[name]
  end

  return recall, keep, function()
    for _, generation in ipairs({OLDER, REQUESTS}) do
      if repeated[generation] then touch(generation, window_ms) end
    end
    if #kept == 0 then return end
    if is_begun_last then begin_window(window_ms) end
    redis.call('HSET', REQUESTS, unpack(kept))
  end
end
