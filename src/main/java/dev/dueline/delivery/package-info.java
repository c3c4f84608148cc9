/**
 * When to ask the store, which watcher gets a job, and what becomes of its lease.
 *
 * <pre>
 *   watch         WatchDue, PullDue: watchers, their credit, the dispatcher  ┐ side by side: the two
 *   redisstream   the due jobs of a queue go to Redis Streams instead        ┘ outlets of a shard
 *   shard         the loop of one shard: wait, ask, hand over; the sweep
 *   lease         Ack, Nack, extend; leases that run out; what becomes of failed deliveries
 *   news          what becomes of leases, told to the replicas that hold the watchers
 *   presence      how many watch each queue here, told to the other replicas
 *   limit         how many shards may be watched, by whom
 *   context       what every part is handed: loop, randomness, observer
 *   time          alarms, backoff, the store's clock
 * </pre>
 *
 * <p>Each imports only from those below it. All state belongs to one {@link
 * dev.dueline.delivery.time.EventLoop}: methods that do not say otherwise are called on it.
 * Delivery owns no thread and reads no clock, so a simulation can run it with a seed.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery;
