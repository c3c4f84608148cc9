package dev.dueline.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * How fast, and how much of, a queue goes out and comes in, over all replicas. 0 means no limit.
 *
 * @param dispatchesPerSecond deliveries a second
 * @param maxOutstanding leases out at once
 * @param maxPending pending jobs; beyond it new ones are refused
 */
public record QueueLimits(double dispatchesPerSecond, int maxOutstanding, long maxPending) {
  /** What {@link #isRate} takes, in words. */
  public static final String RATES = "must be 0.001 to 1,000,000, or 0 for no limit";

  /** One delivery in a thousand seconds. */
  private static final double LEAST_RATE = 0.001;

  /** What no Redis delivers. */
  private static final double MOST_RATE = 1_000_000;

  /** No limits. */
  public static final QueueLimits NONE = new QueueLimits(0, 0, 0);

  /** One of the limits. */
  public enum Part {
    RATE,
    OUTSTANDING,
    PENDING
  }

  /**
   * Limits to set; the others stay as they are.
   *
   * @param limits where those to set are told
   * @param parts which to set
   */
  public record Change(QueueLimits limits, Set<Part> parts) {
    public Change {
      parts = Set.copyOf(parts);
    }

    /** A change of all limits. */
    public static Change to(QueueLimits limits) {
      return new Change(limits, EnumSet.allOf(Part.class));
    }

    /** What comes of limits by this change. */
    public QueueLimits of(QueueLimits before) {
      return new QueueLimits(
          (parts.contains(Part.RATE) ? limits : before).dispatchesPerSecond,
          (parts.contains(Part.OUTSTANDING) ? limits : before).maxOutstanding,
          (parts.contains(Part.PENDING) ? limits : before).maxPending);
    }
  }

  public QueueLimits {
    if (!(dispatchesPerSecond >= 0 && dispatchesPerSecond <= Double.MAX_VALUE)
        || maxOutstanding < 0
        || maxPending < 0) {
      throw new IllegalArgumentException("not limits: negative, or not a number");
    }
  }

  /** Whether it may be set for a queue as its deliveries a second; a share of it may be less. */
  public static boolean isRate(double dispatchesPerSecond) {
    return dispatchesPerSecond == 0
        || (dispatchesPerSecond >= LEAST_RATE && dispatchesPerSecond <= MOST_RATE);
  }

  /**
   * What one shard of several may do by itself: an even part of each, so that all together never do
   * more. Numbers that do not divide leave the first shards one more.
   *
   * @param index of the shard, from 0
   * @param shards how many there are; no limit but 0 may be less
   */
  public QueueLimits share(int index, int shards) {
    return new QueueLimits(
        dispatchesPerSecond / shards,
        (int) part(maxOutstanding, index, shards),
        part(maxPending, index, shards));
  }

  private static long part(long whole, int index, int shards) {
    return whole / shards + (index < whole % shards ? 1 : 0);
  }
}
