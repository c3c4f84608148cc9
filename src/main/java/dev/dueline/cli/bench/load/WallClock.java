package dev.dueline.cli.bench.load;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Points in time as µs since 1970, which need no object each. */
public final class WallClock {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private WallClock() {}

  /** This machine's clock. */
  public static long nowUs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
  }

  /** A time of the contract's. */
  public static long us(Timestamp time) {
    return time.getSeconds() * MICROS_PER_SECOND + time.getNanos() / NANOS_PER_MICRO;
  }

  /** A time of the contract's. */
  public static Timestamp timestamp(long us) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(us, MICROS_PER_SECOND))
        .setNanos((int) Math.floorMod(us, MICROS_PER_SECOND) * NANOS_PER_MICRO)
        .build();
  }
}
