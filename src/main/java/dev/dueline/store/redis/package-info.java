/**
 * The adapter of the store's port for Redis, which alone knows Redis. Every transition of a job is
 * one Lua script, see {@code resources/lua}. All keys of a shard share a hash tag, so they live on
 * one node.
 *
 * <pre>
 * dueline:{QUEUE/SHARD}:pending     ZSET  job id → due time, ms. The only index of a waiting job
 * dueline:{QUEUE/SHARD}:jobs        HASH  job id → record, written by schedule, gone with the job; of
 *                                         one that recurs, renew sets due time and runs
 * dueline:{QUEUE/SHARD}:deliveries  HASH  job id → failed attempts, lease id, failures
 * dueline:{QUEUE/SHARD}:leases      ZSET  job id → lease expiry, ms
 * dueline:{QUEUE/SHARD}:dead        ZSET  job id → time of death, ms
 * dueline:{QUEUE/SHARD}:ttls        ZSET  job id → when its ttl is over, ms, of each job that is in
 *                                         pending, has one, and of which no delivery failed; see
 *                                         lib/expiry.lua
 * dueline:{QUEUE/SHARD}:meta        HASH  fence and longest, see lib/deliveries.lua; the counters
 *                                         scheduled, dispatched, acked,
 *                                         retried, died, canceled, expired, renewed,
 *                                         unreadable, purged, redriven, dropped_dead, streamed,
 *                                         mended_…; paused, limits and this shard's share of
 *                                         them, see lib/admission.lua; stream, see deliver.lua;
 *                                         shards, how many the queue has, as with which callers
 *                                         must come; deletion, which closed it, and when, see
 *                                         directory.QueueDeletion; watchers, by replica; idle,
 *                                         since when it is, see lib/presence.lua; sweep and swept:
 *                                         where the pass under way stands, when the last one was
 * dueline:{QUEUE/SHARD}:requests    HASH  requests that were carried out, by their ids, for a
 *                                         window; older_requests: those before, see lib/repeats.lua
 * dueline:{QUEUE/SHARD}:stream      STREAM  due jobs, where the queue is delivered so; for consumers,
 *                                         see lib/entries.lua
 * dueline:streams                   SET   queues that replicas look at, to feed their streams
 * dueline:queues                    HASH  queue → shards, fixed when the queue is created. What
 *                                         its first shard says prevails; see directory.LayoutRecords
 * dueline:{dueline:queues}:names    ZSET  the queues of that hash, all of score 0, so in order of
 *                                         their names; see directory.QueueIndex
 *
 * dueline:{dueline:queues}:turns    HASH  which queue was dealt last to a replica that looks after
 *                                         queues, see turn.lua
 *
 * A job id stands in these keys packed, see layout.IdCodec; channels have texts.
 *
 * dueline:{QUEUE/SHARD}:pending     channel: due time, ms, of its head
 * dueline:replica:ID                channel: news of watchers, from other replicas; see news.WatcherNewsText
 * dueline:replica:ID:heartbeat      channel: what this replica sends itself
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis;
