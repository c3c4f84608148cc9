package dev.dueline.access;

/**
 * A token bucket: so much at once, and more as time passes. Not thread-safe.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Token_bucket">Token bucket</a>
 */
public final class Allowance {
  private static final double NANOS = 1e9;

  private final int most;
  private final double perSecond;
  private double left;
  private long sinceNanos;

  /** Full. */
  public Allowance(int most, double perSecond, long nowNanos) {
    this.most = most;
    this.perSecond = perSecond;
    this.left = most;
    this.sinceNanos = nowNanos;
  }

  /** Whether there is one left, which is taken; as {@link #take(int, NanoClock)}. */
  public boolean take(NanoClock clock) {
    return take(1, clock);
  }

  /**
   * Whether so many are left, which are taken. Looks at the clock only when there are not, so that
   * up to twice as many as a full bucket holds may go at once.
   */
  public boolean take(int some, NanoClock clock) {
    if (left < some) {
      refill(clock.nanoTime());
    }
    if (left < some) {
      return false;
    }
    left -= some;
    return true;
  }

  /** Takes so many though they are not left; what is owed is a second's worth at most. */
  public void owe(long some) {
    left = Math.max(-perSecond, left - some);
  }

  /** Whether more was taken than was there, and that has not come since. */
  public boolean isOwing(NanoClock clock) {
    if (left < 0) {
      refill(clock.nanoTime());
    }
    return left < 0;
  }

  /** Gives some back. */
  public void give(int some) {
    left = Math.min(most, left + some);
  }

  private void refill(long nowNanos) {
    left = Math.min(most, left + (nowNanos - sinceNanos) / NANOS * perSecond);
    sinceNanos = nowNanos;
  }

  /** {@link System#nanoTime}, or a test's. */
  @FunctionalInterface
  public interface NanoClock {
    /** Nanoseconds since a moment that stays the same. */
    long nanoTime();
  }
}
