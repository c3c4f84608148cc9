package dev.dueline.grpc.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
    "0, 0, 0",
    "1500, 1, 500000000",
    "-1, -1, 999000000",
    "253402300799999, 253402300799, 999000000",
    "253402300800000, 253402300799, 999000000",
    "1790000000000000, 253402300799, 999000000",
    "9223372036854775807, 253402300799, 999000000",
    "-1790000000000000, -62135596800, 0",
    "-9223372036854775808, -62135596800, 0",
  })
  void anyTimeOfTheStoreIsOneOfTheWire(long ms, long seconds, int nanos) {
    assertThat(Times.ofMs(ms)).isEqualTo(timestamp(seconds, nanos));
  }

  /** Others throw on a time that is damaged, and with it lose what is told beside it. */
  @Test
  void nobodyElseMakesTimestamps() throws IOException {
    Path sources = Path.of("src/main/java/dev/dueline/grpc");
    try (Stream<Path> files = Files.walk(sources)) {
      assertThat(
              files.filter(
                  file ->
                      file.toString().endsWith(".java")
                          && contains(file, "Timestamps.from", "Timestamp.newBuilder")))
          .containsExactly(sources.resolve("message/Times.java"));
    }
  }

  private static boolean contains(Path file, String... texts) {
    try {
      String source = Files.readString(file);
      return Stream.of(texts).anyMatch(source::contains);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
