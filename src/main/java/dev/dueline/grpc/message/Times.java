package dev.dueline.grpc.message;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;

/** Times of the wire (seconds and nanoseconds) to those of the domain (milliseconds). */
public final class Times {
  private static final int NANOS_PER_MS = 1_000_000;

  private Times() {}

  /** The same duration. */
  public static java.time.Duration exact(Duration valid) {
    return java.time.Duration.ofSeconds(valid.getSeconds(), valid.getNanos());
  }

  /** Milliseconds since the epoch, never earlier than the time; 0 for what was before the epoch. */
  public static long roundUpToMs(Timestamp valid) {
    return Math.max(0, roundUp(valid.getSeconds(), valid.getNanos()));
  }

  /** Milliseconds since the epoch, never later than the time; 0 for what was before the epoch. */
  public static long roundDownToMs(Timestamp valid) {
    return Math.max(0, valid.getSeconds() * 1_000 + valid.getNanos() / NANOS_PER_MS);
  }

  /**
   * Milliseconds, never fewer than the duration.
   *
   * @param valid not negative
   */
  public static long roundUpToMs(Duration valid) {
    return roundUp(valid.getSeconds(), valid.getNanos());
  }

  private static long roundUp(long seconds, int nanos) {
    return seconds * 1_000 + (nanos + NANOS_PER_MS - 1) / NANOS_PER_MS;
  }
}
