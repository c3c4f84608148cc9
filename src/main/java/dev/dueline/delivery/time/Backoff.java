package dev.dueline.delivery.time;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** The wait before each retry: doubles with every failure up to a limit, and is jittered. */
public final class Backoff {
  private final Duration first;
  private final Duration max;
  private final UnaryOperator<Duration> jitter;
  private Duration next;

  /**
   * No failure yet.
   *
   * @param jitter spreads a wait, so that those that failed together do not come back together
   */
  public Backoff(Duration first, Duration max, UnaryOperator<Duration> jitter) {
    this.first = first;
    this.max = max;
    this.jitter = jitter;
    this.next = first;
  }

  /** The wait after one more failure. */
  public Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(max) < 0 ? doubled : max;
    return jitter.apply(wait);
  }

  /** Begins anew: what failed has succeeded. */
  public void reset() {
    next = first;
  }
}
