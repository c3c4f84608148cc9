-- Drops dead jobs that are too many or too old. O(K log N), K at most 100.
--
-- ARGV     2 most dead jobs to keep, 3 how long, ms
-- Returns  now in us, how many were dropped
-- Keeps    the oldest go first.
return {now_us, drop_dead(tonumber(ARGV[2]), tonumber(ARGV[3]))}
