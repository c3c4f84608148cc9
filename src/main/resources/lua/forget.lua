-- Forgets the requests that a shard knows by their ids. O(1): Redis frees them in the background.
--
-- KEYS[8]    requests
-- KEYS[9]    older_requests
-- Returns    now in us
-- Keeps      jobs stay. Removes only: it works out of memory.
redis.call('UNLINK', KEYS[8], KEYS[9])
return {now_us}
