package dev.dueline.store.due;

import dev.dueline.job.Due;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseRef;

/**
 * Ends one lease without an Ack.
 *
 * @param isCounted whether the delivery counts as a failed attempt
 * @param reason kept with the job; empty: the last one stays
 */
public record Release(LeaseRef lease, Target target, boolean isCounted, String reason) {

  /** A delivery that did not take place: as if the job had never been claimed. */
  public static Release undelivered(LeaseRef lease) {
    return new Release(lease, new Target.AsItWas(), false, "");
  }

  /** A delivery that failed: the job is due again at once, or dead if its policy says so. */
  public static Release failed(
      LeaseRef lease, int failedAttempts, RetryPolicy policy, String reason) {
    Target target =
        policy.isExhausted(failedAttempts + 1) ? new Target.Dead() : new Target.AsItWas();
    return new Release(lease, target, true, reason);
  }

  /** Where the job goes. */
  public sealed interface Target {
    /** To the dead jobs. */
    record Dead() implements Target {}

    /** Back to pending, with the due time that the delivery had. */
    record AsItWas() implements Target {}

    /** Back to pending, due at another time. */
    record DueAgain(Due due) implements Target {}
  }
}
