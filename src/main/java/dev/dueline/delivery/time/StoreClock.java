package dev.dueline.delivery.time;

import dev.dueline.store.due.Claim;
import java.time.Duration;

/**
 * Tells the time by the clock of a store from the loop's monotonic one. When a reply was made lies
 * between the call and its arrival, so each gives a least and a greatest offset of the two clocks
 * (Cristian, Probabilistic Clock Synchronization, 1989). The greatest least offset of late is
 * believed, since a time told too early only makes the store be asked again; two that contradict
 * each other prove that the store's clock stepped, and all before is forgotten.
 */
public final class StoreClock {
  private static final long WINDOW_NANOS = 10_000_000_000L;

  /** Longer than any process runs. */
  private static final long FAR_MS = Duration.ofDays(36_500).toMillis();

  private final EventLoop loop;
  private final Bound least = new Bound();
  private final Bound greatest = new Bound();
  private boolean isSet;
  private long windowEnd;

  public StoreClock(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Learns from a reply that arrives now.
   *
   * @param sentNanos when it was asked for, by the loop's clock
   * @return by how much the store's clock stepped at least since the last reply; zero: not at all,
   *     or not provably
   */
  public Duration observe(long sentNanos, long storeNowUs) {
    long now = loop.nanoTime();
    long low = storeNowUs * 1_000 - now;
    // The store's microsecond is not over yet.
    long high = storeNowUs * 1_000 + 999 - sentNanos;
    long step = isSet ? stepTo(low, high) : 0;
    if (!isSet || step != 0) {
      least.reset(low);
      greatest.reset(-high);
      windowEnd = now + WINDOW_NANOS;
      isSet = true;
    } else {
      boolean isNewWindow = now - windowEnd > 0;
      least.add(low, isNewWindow);
      greatest.add(-high, isNewWindow);
      windowEnd = isNewWindow ? now + WINDOW_NANOS : windowEnd;
    }
    return Duration.ofNanos(step);
  }

  /**
   * The same of a reply that names the next time that matters. Where the store says that it is
   * still to come, and the earlier replies that it has passed, they misled: without them the caller
   * sleeps for the rest, instead of asking again and again.
   */
  public void observe(long sentNanos, long storeNowUs, long nextMs) {
    observe(sentNanos, storeNowUs);
    if (nextMs != Claim.NONE && nextMs > storeNowUs / 1_000 && nanosUntil(nextMs) <= 0) {
      least.reset(storeNowUs * 1_000 - loop.nanoTime());
    }
  }

  /** The store's time, ms, rounded down; 0: nobody knows yet. */
  public long nowMs() {
    return isSet ? (loop.nanoTime() + least.value()) / 1_000_000 : 0;
  }

  /**
   * How long until a time by the store's clock, a century at most; 0 or less: it has passed, or
   * nobody knows yet.
   */
  public long nanosUntil(long storeMs) {
    if (!isSet) {
      return 0;
    }
    long now = loop.nanoTime() + least.value();
    long nowMs = now / 1_000_000;
    // Nanoseconds since the epoch end in 2262, and due times do not.
    long near = Math.max(nowMs - FAR_MS, Math.min(storeMs, nowMs + FAR_MS));
    return near * 1_000_000 - now;
  }

  private long stepTo(long low, long high) {
    if (high < least.value()) {
      return high - least.value();
    }
    return Math.max(0, low + greatest.value());
  }

  /** The greatest number of this window and the one before: clocks drift apart slowly. */
  private static final class Bound {
    private long best;
    private long bestBefore;

    void reset(long number) {
      best = number;
      bestBefore = number;
    }

    void add(long number, boolean isNewWindow) {
      if (isNewWindow) {
        bestBefore = best;
        best = number;
      }
      best = Math.max(best, number);
    }

    long value() {
      return Math.max(best, bestBefore);
    }
  }
}
