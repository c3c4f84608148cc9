package dev.dueline.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from 100 ms to 5 s, and half of each wait is left
 * to chance, so that the clients of a server that went away do not all return at once.
 */
public final class Backoff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 5_000;

  private final RandomGenerator random;
  private long waitMs = FIRST_MS;

  /** A backoff that begins with its shortest wait. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next wait. */
  public Duration next() {
    long half = waitMs / 2;
    waitMs = Math.min(LONGEST_MS, waitMs * 2);
    return Duration.ofMillis(half + random.nextLong(half + 1));
  }

  /** The last try went well. */
  public void reset() {
    waitMs = FIRST_MS;
  }
}
