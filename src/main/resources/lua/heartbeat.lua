-- Sends a message to the replica that asks, which shows it that announcements arrive. O(1).
--
-- ARGV[2]    channel  text
-- ARGV[3]    message  text
-- Returns    now in us
-- Keeps      writes nothing.
redis.call('PUBLISH', ARGV[2], ARGV[3])
return {now_us}
