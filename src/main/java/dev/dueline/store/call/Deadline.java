package dev.dueline.store.call;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * By when a caller wants what it asked for; what would be done later is not done. By the monotonic
 * clock of this process.
 *
 * @param nanos since this class was loaded; may be negative
 * @param isGivenUp whether the caller went away before
 */
public record Deadline(long nanos, BooleanSupplier isGivenUp) {
  /** No deadline. */
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE, () -> false);

  private static final long ORIGIN = System.nanoTime();

  /** One that is so far away, of a caller that stays; it has passed where that is negative. */
  public static Deadline in(Duration time) {
    return in(time, () -> false);
  }

  /** One that is so far away. */
  public static Deadline in(Duration time, BooleanSupplier isGivenUp) {
    return new Deadline(now() + time.toNanos(), isGivenUp);
  }

  /** The clock that deadlines are read by. */
  public static long now() {
    return System.nanoTime() - ORIGIN;
  }

  /** Whether it is over. */
  public boolean isPassed() {
    return nanos < now() || isGivenUp.getAsBoolean();
  }

  /** The same for one that can wait no longer than that either. */
  public Deadline noLaterThan(Deadline other) {
    return new Deadline(Math.min(nanos, other.nanos), isGivenUp);
  }
}
