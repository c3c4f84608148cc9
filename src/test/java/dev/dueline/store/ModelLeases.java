package dev.dueline.store;

import java.util.stream.Stream;

/** What a shard of the model remembers of the leases that it gave. */
final class ModelLeases {
  /** A clock that differs by less was not set back. */
  private static final long LEAST_STEP_US = 1_000_000;

  private long fence;

  /** No lease that is out was given for longer. */
  private long longestMs;

  long nextFence(long nowUs) {
    fence = Math.max(fence + 1, nowUs);
    return fence;
  }

  /** A lease is given. */
  void note(boolean wereNone, long leaseMs) {
    longestMs = wereNone ? leaseMs : Math.max(longestMs, leaseMs);
  }

  /** Leases of before the clock was set back end no later than those that are given now. */
  void shorten(Stream<ModelJob> leased, long nowUs) {
    if (fence > nowUs + LEAST_STEP_US) {
      long latestMs = nowUs / 1_000 + longestMs;
      leased.forEach(job -> job.stateMs = Math.min(job.stateMs, latestMs));
    }
  }
}
