-- Drops dead jobs that are too many or too old. O(K log N), K at most 100.
--
-- Lib        deliveries, dead
-- ARGV[2]    max_dead         number  dead jobs to keep
-- ARGV[3]    max_dead_age_ms  ms      to keep them
-- Returns    now in us, how many were dropped
-- Keeps      the oldest go first.
return {now_us, drop_dead(tonumber(ARGV[2]), tonumber(ARGV[3]))}
