package dev.dueline.ops.metrics;

import dev.dueline.store.queue.ShardStats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What shards hold, all together. */
final class HeldJobs {
  /**
   * A time from now.
   *
   * @param label of its series
   */
  private record Window(String label, Duration length) {}

  /** From what a running worker takes to what a machine takes to come. */
  private static final List<Window> WINDOWS =
      List.of(
          new Window("10s", Duration.ofSeconds(10)),
          new Window("1m", Duration.ofMinutes(1)),
          new Window("10m", Duration.ofMinutes(10)),
          new Window("1h", Duration.ofHours(1)));

  private final long[] ahead = new long[WINDOWS.size()];
  private long pending;
  private long due;
  private long leased;
  private long dead;
  private long droppedDead;
  private long overdueMs;

  /** The windows for which jobs are counted. */
  static List<Duration> windows() {
    return WINDOWS.stream().map(Window::length).toList();
  }

  /**
   * Adds a shard.
   *
   * @param within how many of its pending jobs are due by the end of each window
   */
  void add(ShardStats shard, List<Long> within) {
    pending += shard.pending();
    due += shard.due();
    leased += shard.leased();
    dead += shard.dead();
    droppedDead += shard.droppedDead();
    overdueMs =
        shard.due() == 0 ? overdueMs : Math.max(overdueMs, shard.nowMs() - shard.nextDueMs());
    for (int i = 0; i < ahead.length; i++) {
      ahead[i] += within.get(i);
    }
  }

  void add(HeldJobs other) {
    pending += other.pending;
    due += other.due;
    leased += other.leased;
    dead += other.dead;
    droppedDead += other.droppedDead;
    overdueMs = Math.max(overdueMs, other.overdueMs);
    for (int i = 0; i < ahead.length; i++) {
      ahead[i] += other.ahead[i];
    }
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

  /** How many of the pending are due by the end of each window, by its label. */
  Map<String, Long> ahead() {
    Map<String, Long> byLabel = new LinkedHashMap<>();
    for (int i = 0; i < ahead.length; i++) {
      byLabel.put(WINDOWS.get(i).label(), ahead[i]);
    }
    return byLabel;
  }

  long leased() {
    return leased;
  }

  long dead() {
    return dead;
  }

  /** Since the queue was created. */
  long droppedDead() {
    return droppedDead;
  }

  /** How long the job that is due the longest has waited; 0 if none is due. */
  long overdueMs() {
    return overdueMs;
  }
}
