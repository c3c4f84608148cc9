-- Shows that scripts run here, and may write; changes nothing. O(1).
--
-- Returns    now in us
-- Keeps      no id is empty, so nothing is removed. A replica refuses it, and a Redis that takes
--            no writes, but not one that is out of memory: there jobs still go out.
redis.call('ZREM', PENDING, '')
return {now_us}
