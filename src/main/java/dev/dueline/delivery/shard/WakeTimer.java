package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.WakeSource;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.DueReply;

/**
 * Until when a loop may sleep: the earliest of the next due time in the last claim's reply and
 * every announcement since that claim was sent. Only a reply moves it later; a stale reply that
 * overwrites a newer announcement is how wake-ups get lost. Knows by that which announcements were
 * lost, too.
 */
final class WakeTimer {
  /** An announcement has arrived by then, or is lost. */
  private static final long GRACE_MS = 250;

  private long repliedMs = Claim.NONE;
  private long announcedMs = Claim.NONE;
  private boolean wasHeld;

  /** A claim goes out: its reply will know of all that was announced until now. */
  void claimSent() {
    repliedMs = targetMs();
    announcedMs = Claim.NONE;
  }

  /**
   * A claim's reply.
   *
   * @return how many of its jobs the backstop found although nothing had said that they were due:
   *     their announcement was lost
   */
  int replied(WakeSource source, DueReply reply) {
    // Jobs that were held back were known of before.
    boolean isExpected = source != WakeSource.BACKSTOP || wasHeld;
    long missedBefore = Math.min(targetMs(), reply.nowUs() / 1_000 - GRACE_MS);
    wasHeld = reply.isHeld();
    repliedMs = reply.nextMs();
    return isExpected
        ? 0
        : (int) reply.firstDueMs().stream().filter(due -> due < missedBefore).count();
  }

  /** A job due at this time became the head. */
  void announced(long dueMs) {
    announcedMs = Math.min(announcedMs, dueMs);
  }

  /** When to wake, by the store's clock; {@link Claim#NONE}: there is nothing to wait for. */
  long targetMs() {
    return Math.min(repliedMs, announcedMs);
  }
}
