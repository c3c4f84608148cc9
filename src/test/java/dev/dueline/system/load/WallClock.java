package dev.dueline.system.load;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** The machine's clock, which clients and Redis share in these tests. */
final class WallClock {
  private WallClock() {}

  static long nowUs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  static long us(Timestamp time) {
    return time.getSeconds() * 1_000_000 + time.getNanos() / 1_000;
  }

  static Timestamp timestamp(long us) {
    return Timestamp.newBuilder()
        .setSeconds(us / 1_000_000)
        .setNanos((int) (us % 1_000_000) * 1_000)
        .build();
  }
}
