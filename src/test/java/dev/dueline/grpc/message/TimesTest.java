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

  @ParameterizedTest
  @CsvSource({
    "-62135596800, 0, true",
    "-62135596801, 999999999, false",
    "253402300799, 999999999, true",
    "253402300800, 0, false",
    "0, -1, false",
    "0, 1000000000, false",
  })
  void aTimestampHasARange(long seconds, int nanos, boolean isValid) {
    assertThat(Times.isValid(timestamp(seconds, nanos))).isEqualTo(isValid);
  }

  @ParameterizedTest
  @CsvSource({
    "315576000000, 999999999, true",
    "315576000001, 0, false",
    "-315576000000, 0, true",
    "-315576000001, 0, false",
    "-9223372036854775808, 0, false",
    "1, -1, false",
    "-1, 1, false",
    "0, -999999999, true",
    "0, -1000000000, false",
    "0, 1000000000, false",
  })
  void aDurationHasARangeAndOneSign(long seconds, int nanos, boolean isValid) {
    assertThat(Times.isValid(duration(seconds, nanos))).isEqualTo(isValid);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 0, 1000000", "1999, 1, 999000000"})
  void millisecondsComeBackWhole(long ms, long seconds, int nanos) {
    assertThat(Times.timestamp(ms)).isEqualTo(timestamp(seconds, nanos));
    assertThat(Times.duration(ms)).isEqualTo(duration(seconds, nanos));
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
