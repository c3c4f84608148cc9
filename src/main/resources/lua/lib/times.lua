-- Times as scripts take and give them.

-- A due time. A delay is rounded up, so that it is never shorter than asked for.
local function due_at(is_delay, ms)
  return is_delay and math.ceil(now_us / 1000) + ms or tonumber(ms)
end

-- A time as an argument of a command: Redis writes a number as a fraction, which takes three times
-- as long. In two parts, since an integer of its Lua may have 32 bits.
local function digits(ms) return string.format('%d%07d', ms / 10000000, ms % 10000000) end
