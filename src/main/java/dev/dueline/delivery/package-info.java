/**
 * When to ask the store, which watcher gets a job, and what becomes of its lease.
 *
 * <pre>
 *   announcement ──▶ WakeTimer ──▶ Poller ──claim──▶ store        one Poller a watched shard
 *                                   │  ▲
 *                              jobs │  │ credit
 *                                   ▼  │
 *                                 Watcher ──▶ WatcherSink          one Watcher a stream or pull
 *                                   │  ▲
 *                          outstanding │ ended, here or elsewhere
 *                                   ▼  │
 *                                 Leases ──ack, release, extend──▶ store
 *                      Sweeper ──sweep──▶ store                    one a replica
 *
 *   announcement ──▶ WakeTimer ──▶ RedisStreamFeeder ──feed──▶ store  one a shard that goes to a stream
 * </pre>
 *
 * <p>All state of this package belongs to one {@link dev.dueline.delivery.time.EventLoop}: methods
 * that do not say otherwise are called on it. It owns no thread and reads no clock, so a simulation
 * can run it with a seed.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery;
