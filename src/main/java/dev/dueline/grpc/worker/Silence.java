package dev.dueline.grpc.worker;

import java.time.Duration;

/**
 * How long a stream has been silent, and when a heartbeat is to break that: between eight and nine
 * tenths of the interval that was promised, for timers run late, and the event has a way to go.
 * Within that tenth it comes with others of the connection: sent one by one, each is a write to a
 * socket. Times are those of one monotonic clock, nanoseconds.
 */
final class Silence {
  private static final int TENTHS = 9;

  private final long tenthNanos;
  private final long phaseNanos;
  private long sinceNanos;

  /**
   * Begins now.
   *
   * @param phaseNanos any number, the same for all streams of a connection
   */
  Silence(Duration interval, long phaseNanos, long nowNanos) {
    this.tenthNanos = interval.toNanos() / 10;
    this.phaseNanos = phaseNanos;
    this.sinceNanos = nowNanos;
  }

  /** Something was written. */
  void broken(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** Whether it is time for a heartbeat. */
  boolean isLong(long nowNanos) {
    return nowNanos - sinceNanos >= (TENTHS - 1) * tenthNanos;
  }

  /** How long until the next may be due; a stream that takes none now is asked again by then. */
  Duration untilHeartbeat(long nowNanos) {
    long fromNanos = isLong(nowNanos) ? nowNanos : sinceNanos;
    long latestNanos = fromNanos + TENTHS * tenthNanos;
    long early = Math.floorMod(latestNanos - phaseNanos, tenthNanos);
    return Duration.ofNanos(latestNanos - early - nowNanos);
  }
}
