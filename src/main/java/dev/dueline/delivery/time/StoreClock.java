package dev.dueline.delivery.time;

import dev.dueline.store.due.Claim;

/**
 * Tells a shard's time, by the clock of the store, from the loop's monotonic one. Each reply gives
 * a sample that is too low by the time the reply took, so the highest of late is the best (the
 * minimum filter of NTP, RFC 5905 §10).
 */
public final class StoreClock {
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final EventLoop loop;
  private long best = Long.MIN_VALUE;
  private long bestBefore = Long.MIN_VALUE;
  private long windowEnd;
  private long latest;

  public StoreClock(EventLoop loop) {
    this.loop = loop;
  }

  private void observe(long storeNowUs) {
    long now = loop.nanoTime();
    latest = storeNowUs * 1_000 - now;
    if (best == Long.MIN_VALUE || now - windowEnd > 0) {
      bestBefore = best;
      best = latest;
      windowEnd = now + WINDOW_NANOS;
    }
    best = Math.max(best, latest);
  }

  /**
   * Learns from a reply that arrives now, and that names the next time that matters. Where the
   * store says that it is still to come, and the earlier samples that it has passed, they misled:
   * without them the caller sleeps for the rest, instead of asking again and again.
   */
  public void observe(long storeNowUs, long nextMs) {
    observe(storeNowUs);
    if (nextMs != Claim.NONE && nextMs * 1_000 > storeNowUs && nanosUntil(nextMs) <= 0) {
      best = latest;
      bestBefore = Long.MIN_VALUE;
    }
  }

  /** The store's time, ms, rounded down; 0: nobody knows yet. */
  public long nowMs() {
    return best == Long.MIN_VALUE ? 0 : (loop.nanoTime() + Math.max(best, bestBefore)) / 1_000_000;
  }

  /** How long until a time by the store's clock; 0 or less: it has passed, or nobody knows yet. */
  public long nanosUntil(long storeMs) {
    if (best == Long.MIN_VALUE) {
      return 0;
    }
    return storeMs * 1_000_000 - (loop.nanoTime() + Math.max(best, bestBefore));
  }
}
