package dev.dueline.store.call;

import java.time.Duration;

/**
 * By when a caller wants what it asked for; what would be done later is not done. By the monotonic
 * clock of this process.
 *
 * @param nanos since this class was loaded; may be negative
 */
public record Deadline(long nanos) implements Comparable<Deadline> {
  /** No deadline. */
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  private static final long ORIGIN = System.nanoTime();

  /** One that is so far away; it has passed where that is negative. */
  public static Deadline in(Duration time) {
    return new Deadline(now() + time.toNanos());
  }

  /** The clock that deadlines are read by. */
  public static long now() {
    return System.nanoTime() - ORIGIN;
  }

  /** Whether it is over. */
  public boolean isPassed() {
    return nanos < now();
  }

  /** The one of two that comes first. */
  public Deadline or(Deadline other) {
    return compareTo(other) <= 0 ? this : other;
  }

  @Override
  public int compareTo(Deadline other) {
    return Long.compare(nanos, other.nanos);
  }
}
