package dev.dueline.store.queue;

import dev.dueline.job.QueueLimits;
import org.jspecify.annotations.Nullable;

/**
 * How a shard stands.
 *
 * @param nowMs the store's clock
 * @param isPaused whether its deliveries are held back
 * @param limits of the whole queue
 * @param due pending jobs whose due time has passed
 * @param nextDueMs the first due time of a pending job; {@link Claim#NONE}: none is pending
 * @param totals since the queue was created
 * @param watchers connected to any replica
 * @param stream where due jobs go; null: to watchers
 * @param droppedDead dead jobs that were too many or too old, ever
 */
public record ShardStats(
    long nowMs,
    boolean isPaused,
    QueueLimits limits,
    long pending,
    long due,
    long leased,
    long dead,
    long nextDueMs,
    Totals totals,
    int watchers,
    @Nullable RedisStreamTarget stream,
    long droppedDead) {

  /** How many jobs ever. */
  public record Totals(
      long scheduled,
      long dispatched,
      long acked,
      long retried,
      long died,
      long canceled,
      long expired) {}
}
