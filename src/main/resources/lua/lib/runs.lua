-- Behind records, deliveries and expiry: ends runs of jobs that recur, as RunOutcome decided.
local COMPLETED, DIED, BROKEN = '1', '2', '4'
-- The counter of meta for each way to end.
local ENDED = {[COMPLETED] = 'acked', [DIED] = 'died', ['3'] = 'expired', [BROKEN] = 'died'}

-- A record that recurs, with the due time of its next run and how its runs ended so far.
local function with_run(record, due, completed, died, missed)
  local _, sections = parse(record)
  local runs_at = content(record, sections[HAS_SERIES])
  return string.sub(record, 1, DUE_AT - 1) .. struct.pack('>I6', due)
    .. string.sub(record, CREATED_AT, runs_at - 1)
    .. struct.pack('>I6I6I6', completed, died, missed)
    .. string.sub(record, runs_at + RUNS_BYTES)
end

-- Whether such a run leaves a dead job.
local function is_last(at)
  return tonumber(ARGV[at + 1]) < 0 and (ARGV[at] == DIED or ARGV[at] == BROKEN)
end

-- Ends a run of a job that is in no index any longer: the next one is pending, or the job is gone,
-- or dead if its last run died or nobody can follow its rule. Takes the position of the first of
-- the five arguments of a RunOutcome, and what the delivery leaves. Returns how the run ended, and
-- whether the series goes on.
local function end_run(id, record, at, failed, due, failures)
  local ended, next_due = ARGV[at], tonumber(ARGV[at + 1])
  local goes_on = next_due >= 0
  if not record or not (goes_on or is_last(at)) then
    forget(id)
    return ended, false
  end
  if ended == BROKEN then
    failures = add_failure(failures, 'unreadable recurrence')
  elseif (select(2, parse(record)) or NO_SECTIONS)[HAS_SERIES] then
    redis.call('HSET', JOBS, id, with_run(record, goes_on and next_due or due_of(record),
      ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]))
  end
  -- A dead job waits for nothing.
  limit_wait(id, next_due, goes_on and 0 or 1, record)
  redis.call('ZADD', goes_on and PENDING or DEAD, goes_on and next_due or now_ms, id)
  keep_delivery(id, goes_on and 0 or failed, due, failures, not goes_on)
  return ended, goes_on
end
