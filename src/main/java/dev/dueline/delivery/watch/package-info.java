/**
 * Due jobs that go to watchers, by WatchDue or PullDue.
 *
 * <pre>
 *   ShardLoop ──▶ WatcherOutlet ──claim──▶ store       one of both a watched shard
 *                      │    ▲
 *                 jobs │    │ credit
 *                      ▼    │
 *                   Dispatcher                         one a replica
 *                      │    ▲
 *                      ▼    │ ended, ready
 *                    Watcher ──▶ WatcherSink           one a stream or pull
 *                      │    ▲
 *          outstanding ▼    │ ended, here or elsewhere
 *                 LeaseKeeper, Leases ──▶ store
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.watch;
