package dev.dueline.store.redis.script;

import dev.dueline.store.call.Deadline;
import java.util.function.LongSupplier;

/**
 * Tells deadlines by the clock of Redis. Each reply gives a sample that is too low by the time it
 * took, so the highest of late is the best (the minimum filter of NTP, RFC 5905 §10). Where the
 * clocks of a cluster differ, that is the one most ahead: what is judged by another is let through
 * somewhat late, and never refused in time. By what tests move the clock is left out of samples and
 * added to what is told, so that a move leaves none that misleads. Thread-safe.
 */
final class ServerTime {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final LongSupplier movedMs;

  /** Microseconds by which the clock of Redis is ahead of that of deadlines. */
  private long best = UNKNOWN;

  private long bestBefore = UNKNOWN;
  private long windowEnd;

  /**
   * Knows nothing yet.
   *
   * @param movedMs by how much a test has moved the clock
   */
  ServerTime(LongSupplier movedMs) {
    this.movedMs = movedMs;
  }

  /** Learns from a reply that arrives now, and tells the clock with what is added to it now. */
  synchronized void observe(long storeNowUs) {
    long now = Deadline.now();
    long ahead = storeNowUs - movedMs.getAsLong() * 1_000 - now / 1_000;
    if (best == UNKNOWN || now > windowEnd) {
      bestBefore = best;
      best = ahead;
      windowEnd = now + WINDOW_NANOS;
    }
    best = Math.max(best, ahead);
  }

  /** The deadline, ms since the epoch; 0: nobody knows yet. */
  synchronized long at(Deadline deadline) {
    if (best == UNKNOWN) {
      return 0;
    }
    long ms = (deadline.nanos() / 1_000 + Math.max(best, bestBefore)) / 1_000;
    return Math.max(1, ms + movedMs.getAsLong());
  }
}
