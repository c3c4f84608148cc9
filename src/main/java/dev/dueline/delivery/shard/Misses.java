package dev.dueline.delivery.shard;

import dev.dueline.delivery.observer.WakeSource;
import java.util.stream.LongStream;

/**
 * Tells which jobs the backstop found although nothing had said that they were due: their
 * announcement was lost.
 */
public final class Misses {
  /** An announcement has arrived by then, or is lost. */
  private static final long ANNOUNCEMENT_GRACE_MS = 250;

  private boolean wasHeld;

  /**
   * Counts them among the jobs that the store gave.
   *
   * @param expectedMs when a job was known to be due at the earliest, before the store was asked
   *     and since
   * @param nowUs the store's clock, microseconds
   * @param isHeld whether due jobs are held back, so that the next ones were known of before
   * @param dueMs when each was due
   */
  public int count(
      WakeSource source, long expectedMs, long nowUs, boolean isHeld, LongStream dueMs) {
    boolean isExpected = source != WakeSource.BACKSTOP || wasHeld;
    wasHeld = isHeld;
    long missedBefore = Math.min(expectedMs, nowUs / 1_000 - ANNOUNCEMENT_GRACE_MS);
    return isExpected ? 0 : (int) dueMs.filter(due -> due < missedBefore).count();
  }
}
