package dev.dueline.delivery.lease;

import dev.dueline.job.Due;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.random.RandomGenerator;

/**
 * Decides what becomes of the job of a delivery that failed. Whoever gave it up, a failure that the
 * retry policy does not forgive makes the job dead; else it is due again:
 *
 * <pre>
 *   Nack                   after the delay that it names, or the policy's backoff
 *   watcher disconnected   at once, as after a lease that ran out, which the store ends
 * </pre>
 */
final class RetryDecision {
  private RetryDecision() {}

  /** A worker gave the job back; a failure that does not count makes it dead only if it says so. */
  static Release nacked(LeasedJob job, NackRule rule, RandomGenerator random) {
    int failures = job.failedAttempts() + 1;
    if (rule.isCounted() && job.retryPolicy().isExhausted(failures)) {
      return dead(job.lease(), rule);
    }
    long delayMs =
        rule.delayMs() != null ? rule.delayMs() : job.retryPolicy().backoffMs(failures, random);
    Target dueAgain = new Target.DueAgain(new Due.After(delayMs));
    return new Release(job.lease(), dueAgain, rule.isCounted(), rule.reason());
  }

  /** A worker wants the job dead, whatever its policy. */
  static Release dead(LeaseRef lease, NackRule rule) {
    return new Release(lease, new Target.Dead(), rule.isCounted(), rule.reason());
  }

  static Release disconnected(LeaseRef lease, int failedAttempts, RetryPolicy policy) {
    return Release.failed(lease, failedAttempts, policy, "watcher disconnected");
  }
}
