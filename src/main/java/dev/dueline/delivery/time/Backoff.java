package dev.dueline.delivery.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The wait before each retry: doubles with every failure up to a limit, and is jittered. */
public final class Backoff {
  private final Duration first;
  private final Duration max;
  private final RandomGenerator random;
  private Duration next;

  /** No failure yet. */
  public Backoff(Duration first, Duration max, RandomGenerator random) {
    this.first = first;
    this.max = max;
    this.random = random;
    this.next = first;
  }

  /** The wait after one more failure. */
  public Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(max) < 0 ? doubled : max;
    return jittered(wait, random);
  }

  /** Begins anew: what failed has succeeded. */
  public void reset() {
    next = first;
  }

  /** A time in the upper half of one. */
  public static Duration jittered(Duration max, RandomGenerator random) {
    return Duration.ofNanos(Math.round(max.toNanos() * (0.5 + random.nextDouble() / 2)));
  }
}
