package dev.dueline.delivery.shard;

import dev.dueline.store.due.Claim;

/**
 * Until when a loop may sleep: the earliest of the next due time in the last claim's reply and
 * every announcement since that claim was sent. Only a reply moves it later; a stale reply that
 * overwrites a newer announcement is how wake-ups get lost.
 */
final class WakeTimer {
  private long repliedMs = Claim.NONE;
  private long announcedMs = Claim.NONE;

  /** A claim goes out: its reply will know of all that was announced until now. */
  void claimSent() {
    repliedMs = targetMs();
    announcedMs = Claim.NONE;
  }

  /** A claim's reply. */
  void replied(long nextDueMs) {
    repliedMs = nextDueMs;
  }

  /** A job due at this time became the head. */
  void announced(long dueMs) {
    announcedMs = Math.min(announcedMs, dueMs);
  }

  /** The earliest announcement since the last claim was sent. */
  long announcedSinceClaimMs() {
    return announcedMs;
  }

  /** When to wake, by the store's clock; {@link Claim#NONE}: there is nothing to wait for. */
  long targetMs() {
    return Math.min(repliedMs, announcedMs);
  }
}
