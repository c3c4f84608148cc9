-- Sets the limits of the shard in place of those before. O(1).
--
-- ARGV     2 what the whole queue was given, for people; then this shard's share, '' where there
--          is no limit: 3 deliveries a second, 4 leases out, 5 pending jobs
-- Returns  now in us
-- Keeps    what is out or pending stays, also beyond a limit. Removes first: it works out of
--          memory.
redis.call('HDEL', META, 'limits', 'rate', 'outstanding', 'capacity', 'paid')
for i, field in ipairs({'limits', 'rate', 'outstanding', 'capacity'}) do
  if ARGV[i + 1] ~= '' then redis.call('HSET', META, field, ARGV[i + 1]) end
end
wake()
return {now_us}
