package dev.dueline.ops.metrics;

import dev.dueline.store.queue.ShardStats;

/** What shards hold, all together. */
final class HeldJobs {
  private long pending;
  private long due;
  private long leased;
  private long dead;
  private long droppedDead;
  private long overdueMs;

  void add(ShardStats shard) {
    pending += shard.pending();
    due += shard.due();
    leased += shard.leased();
    dead += shard.dead();
    droppedDead += shard.droppedDead();
    overdueMs =
        shard.due() == 0 ? overdueMs : Math.max(overdueMs, shard.nowMs() - shard.nextDueMs());
  }

  void add(HeldJobs other) {
    pending += other.pending;
    due += other.due;
    leased += other.leased;
    dead += other.dead;
    droppedDead += other.droppedDead;
    overdueMs = Math.max(overdueMs, other.overdueMs);
  }

  boolean isEmpty() {
    return pending + leased + dead == 0;
  }

  long pending() {
    return pending;
  }

  /** Of the pending. */
  long due() {
    return due;
  }

  long leased() {
    return leased;
  }

  long dead() {
    return dead;
  }

  /** Since the queue came to be. */
  long droppedDead() {
    return droppedDead;
  }

  /** How long the job that is due the longest has waited; 0 if none is due. */
  long overdueMs() {
    return overdueMs;
  }
}
