package dev.dueline.job;

import java.util.random.RandomGenerator;

/**
 * When and how often a failed delivery is tried again.
 *
 * @param maxAttempts deliveries in all, the first included; at least 1
 * @param initialBackoffMs the delay before the first retry
 * @param maxBackoffMs no delay is longer, but for its jitter
 * @param multiplier how much longer each delay is than the one before; at least 1
 * @param jitter the delay is spread evenly over ± this part of itself; 0 to 1
 */
public record RetryPolicy(
    int maxAttempts, long initialBackoffMs, long maxBackoffMs, double multiplier, double jitter) {
  /** What holds for a job that names no policy of its own. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(20, 1_000, 600_000, 2, 0.1);

  public RetryPolicy {
    if (maxAttempts < 1 || initialBackoffMs < 0 || maxBackoffMs < 0) {
      throw new IllegalArgumentException("not a retry policy: negative attempts or backoff");
    }
    if (!(multiplier >= 1 && multiplier <= Double.MAX_VALUE) || !(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("not a retry policy: multiplier or jitter out of range");
    }
  }

  /** Whether a job that failed this often is dead. */
  public boolean isExhausted(int failedAttempts) {
    return failedAttempts >= maxAttempts;
  }

  /**
   * The delay before a retry, ms.
   *
   * @param retry from 1
   */
  public long backoffMs(int retry, RandomGenerator random) {
    double backoff = Math.min(maxBackoffMs, initialBackoffMs * Math.pow(multiplier, retry - 1.0));
    double spread = jitter * (2 * random.nextDouble() - 1);
    return Math.round(backoff * (1 + spread));
  }
}
