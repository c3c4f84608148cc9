package dev.dueline.operation.queue;

import dev.dueline.job.QueueLimits;

/** A limit leaves some shard nothing: its jobs would stand still without a word. */
public final class IndivisibleLimitsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient QueueLimits limits;
  private final int shards;

  IndivisibleLimitsException(QueueLimits limits, int shards) {
    super("limits below " + shards + " shards", null, false, false);
    this.limits = limits;
    this.shards = shards;
  }

  /** How many shards the queue has; no limit but 0 may be less. */
  public int shards() {
    return shards;
  }

  /** Whether it is the limit of leases that are out. */
  public boolean isOutstandingTooLow() {
    return isTooLow(limits.maxOutstanding(), shards);
  }

  /** Whether it is the limit of pending jobs. */
  public boolean isPendingTooLow() {
    return isTooLow(limits.maxPending(), shards);
  }

  /** Whether a limit leaves some shard nothing; 0 is none. */
  static boolean isTooLow(long limit, int shards) {
    return limit != 0 && limit < shards;
  }
}
