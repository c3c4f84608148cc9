-- Behind records: what of a record was asked for, to compare.

-- The request as it was given: without its trace, and what its runs or its rule put in.
local function as_given(record)
  local payload_at, sections = parse(record)
  local series, trace = payload_at and sections[HAS_SERIES], payload_at and sections[HAS_TRACE]
  if not (series or trace) then return string.sub(record, FLAGS_AT) end
  local flags, rest = string.byte(record, FLAGS_AT), series or trace
  local is_by_rule = bit.band(flags, IS_DUE_BY_RULE) > 0
  local given = string.char(flags - (trace and HAS_TRACE or 0))
    .. string.sub(record, is_by_rule and SECTIONS_AT or GIVEN_AT, rest - 1)
  if series then
    local from, to = content(record, series)
    -- With its length, since an interval does not say where it ends.
    given = given .. string.sub(record, series, from - 1)
      .. string.sub(record, from + RUNS_BYTES, to - 1)
    rest = to
  end
  if trace then rest = select(2, content(record, trace)) end
  return given .. string.sub(record, rest)
end
