package dev.dueline.operation.clock;

import dev.dueline.store.queue.ShardStats;

/**
 * How many jobs went which way; the counters of all queues together, or what they grew by.
 *
 * @param outstanding leased now
 */
public record Tally(
    long scheduled,
    long delivered,
    long acknowledged,
    long retried,
    long died,
    long expired,
    long canceled,
    long outstanding) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

  static Tally of(ShardStats shard) {
    ShardStats.Totals totals = shard.totals();
    return new Tally(
        totals.scheduled(),
        totals.dispatched(),
        totals.acked(),
        totals.retried(),
        totals.died(),
        totals.expired(),
        totals.canceled(),
        shard.leased());
  }

  Tally plus(Tally other) {
    return new Tally(
        scheduled + other.scheduled,
        delivered + other.delivered,
        acknowledged + other.acknowledged,
        retried + other.retried,
        died + other.died,
        expired + other.expired,
        canceled + other.canceled,
        outstanding + other.outstanding);
  }

  /** What happened since; nothing is less than none, as where a queue was deleted meanwhile. */
  Tally since(Tally before) {
    return new Tally(
        Math.max(0, scheduled - before.scheduled),
        Math.max(0, delivered - before.delivered),
        Math.max(0, acknowledged - before.acknowledged),
        Math.max(0, retried - before.retried),
        Math.max(0, died - before.died),
        Math.max(0, expired - before.expired),
        Math.max(0, canceled - before.canceled),
        outstanding);
  }
}
