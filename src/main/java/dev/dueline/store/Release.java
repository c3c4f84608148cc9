package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.LeaseRef;

/**
 * Ends one lease without an Ack.
 *
 * @param isCounted whether the delivery counts as a failed attempt
 * @param reason kept with the job; empty: the last one stays
 */
public record Release(LeaseRef lease, Target target, boolean isCounted, String reason) {

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
