-- Sets the limits of the shard in place of those before. O(1).
--
-- ARGV[2]    limits       text     of the whole queue, for people; '' if there are none
-- ARGV[3]    rate         decimal  this shard's share: deliveries a second; 0: no limit
-- ARGV[4]    outstanding  number   leases out; 0: no limit
-- ARGV[5]    capacity     number   pending jobs; 0: no limit
-- Returns    now in us
-- Keeps      what is out or pending stays, also beyond a limit. Removes first: it works out of
--            memory.
redis.call('HDEL', META, 'limits', 'rate', 'outstanding', 'capacity', 'tat')
for i, field in ipairs({'limits', 'rate', 'outstanding', 'capacity'}) do
  local value = ARGV[i + 1]
  if value ~= '' and tonumber(value) ~= 0 then redis.call('HSET', META, field, value) end
end
wake()
return {now_us}
