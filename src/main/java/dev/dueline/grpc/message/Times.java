package dev.dueline.grpc.message;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;

/** Times of the wire (seconds and nanoseconds) and of the domain (milliseconds). */
public final class Times {
  private static final long MIN_TIMESTAMP_S = -62_135_596_800L;
  private static final long MAX_TIMESTAMP_S = 253_402_300_799L;
  private static final long MAX_DURATION_S = 315_576_000_000L;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final int NANOS_PER_MS = 1_000_000;

  private Times() {}

  /** Whether a timestamp is within the range that protobuf gives it: the years 1 to 9999. */
  public static boolean isValid(Timestamp time) {
    return time.getSeconds() >= MIN_TIMESTAMP_S
        && time.getSeconds() <= MAX_TIMESTAMP_S
        && time.getNanos() >= 0
        && time.getNanos() < NANOS_PER_SECOND;
  }

  /** Whether a duration is within the range that protobuf gives it, with one sign. */
  public static boolean isValid(Duration duration) {
    long seconds = duration.getSeconds();
    int nanos = duration.getNanos();
    return Math.abs(seconds) <= MAX_DURATION_S
        && seconds != Long.MIN_VALUE
        && nanos > -NANOS_PER_SECOND
        && nanos < NANOS_PER_SECOND
        && (seconds <= 0 || nanos >= 0)
        && (seconds >= 0 || nanos <= 0);
  }

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

  public static Timestamp timestamp(long ms) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(ms, 1_000L))
        .setNanos(Math.floorMod(ms, 1_000) * NANOS_PER_MS)
        .build();
  }

  public static Duration duration(long ms) {
    return Duration.newBuilder()
        .setSeconds(ms / 1_000)
        .setNanos((int) (ms % 1_000) * NANOS_PER_MS)
        .build();
  }

  private static long roundUp(long seconds, int nanos) {
    return seconds * 1_000 + (nanos + NANOS_PER_MS - 1) / NANOS_PER_MS;
  }
}
