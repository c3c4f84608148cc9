package dev.dueline.grpc.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 1, 1",
    "0, 999999, 1",
    "0, 1000000, 1",
    "0, 1000001, 2",
    "1, 999999999, 2000",
    "-1, 999999999, 0",
    "-62135596800, 0, 0",
    "253402300799, 999000000, 253402300799999",
  })
  void aTimestampIsNeverEarlier(long seconds, int nanos, long ms) {
    assertThat(Times.roundUpToMs(timestamp(seconds, nanos))).isEqualTo(ms);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 1, 1", "1, 1, 1001", "3, 999999999, 4000"})
  void aDurationIsNeverShorter(long seconds, int nanos, long ms) {
    assertThat(Times.roundUpToMs(duration(seconds, nanos))).isEqualTo(ms);
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
