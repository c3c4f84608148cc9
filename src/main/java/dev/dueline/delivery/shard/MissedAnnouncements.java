package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.WakeSource;
import dev.dueline.store.due.DueReply;

/**
 * Tells which jobs the backstop found although nothing had said that they were due: their
 * announcement was lost.
 */
final class MissedAnnouncements {
  /** An announcement has arrived by then, or is lost. */
  private static final long GRACE_MS = 250;

  private boolean wasHeld;

  /**
   * Counts them among the jobs that the store gave.
   *
   * @param expectedMs when a job was known to be due at the earliest, before the store was asked
   *     and since
   */
  int count(WakeSource source, long expectedMs, DueReply reply) {
    // Jobs that were held back were known of before.
    boolean isExpected = source != WakeSource.BACKSTOP || wasHeld;
    wasHeld = reply.isHeld();
    long missedBefore = Math.min(expectedMs, reply.nowUs() / 1_000 - GRACE_MS);
    return isExpected
        ? 0
        : (int) reply.firstDueMs().stream().filter(due -> due < missedBefore).count();
  }
}
