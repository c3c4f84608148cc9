package dev.dueline.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from the first wait to the longest, and half of
 * each wait, or all of it, is left to chance, so that the clients of a server that went away do not
 * all return at once.
 */
public final class Backoff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 5_000;

  private final RandomGenerator random;
  private final long firstMs;
  private final long longestMs;
  private final boolean isAllChance;
  private long waitMs;

  /** A backoff from 100 ms to 5 s that begins with its shortest wait, and waits half at least. */
  public Backoff(RandomGenerator random) {
    this(random, FIRST_MS, LONGEST_MS, false);
  }

  private Backoff(RandomGenerator random, long firstMs, long longestMs, boolean isAllChance) {
    this.random = random;
    this.firstMs = firstMs;
    this.longestMs = longestMs;
    this.isAllChance = isAllChance;
    this.waitMs = firstMs;
  }

  /** A backoff all of whose waits are left to chance, up to a bound that doubles. */
  public static Backoff fullJitter(RandomGenerator random, Duration first, Duration longest) {
    return new Backoff(random, first.toMillis(), longest.toMillis(), true);
  }

  /** The next wait. */
  public Duration next() {
    long sure = isAllChance ? 0 : waitMs / 2;
    long chance = isAllChance ? waitMs : waitMs / 2;
    waitMs = Math.min(longestMs, waitMs * 2);
    return Duration.ofMillis(sure + random.nextLong(chance + 1));
  }

  /** The last try went well. */
  public void reset() {
    waitMs = firstMs;
  }
}
