package dev.dueline.grpc.message;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.dueline.job.Due;

/** Times of the wire (seconds and nanoseconds), and those of the domain (milliseconds). */
public final class Times {
  private static final int NANOS_PER_MS = 1_000_000;

  /** The beginning of the year 1, before which there is no time of the wire. */
  private static final long MIN_MS = -62_135_596_800_000L;

  private Times() {}

  /**
   * A time of the domain. What was read from the store may be damaged: a time out of the range of
   * the wire is given as its first, or last, and keeps back nothing that is told beside it.
   */
  public static Timestamp ofMs(long ms) {
    return Timestamps.fromMillis(Math.max(MIN_MS, Math.min(ms, Due.MAX_MS)));
  }

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
