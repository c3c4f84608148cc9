-- Names the replicas that have watchers of the queue, as far as they said so lately. O(replicas).
--
-- Lib        presence
-- Returns    now in us, then for each replica: hexadecimal text
-- Keeps      writes nothing.
local reply = {now_us}
for replica in each_present(redis.call('HGET', META, 'watchers')) do
  reply[#reply + 1] = replica
end
return reply
