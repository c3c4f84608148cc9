package dev.dueline.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-24T12:15:00Z, 2026-11-24T12:15:00Z",
    "2026-11-24T12:15+01:00, 2026-11-24T11:15:00Z",
    "2026-11-24T12:15:00.250-05:30, 2026-11-24T17:45:00.250Z"
  })
  void readsTimesWithAnyOffset(String text, Instant expected) {
    assertThat(TimeText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026-11-24", "2026-11-24T12:15:00", "tomorrow", "2026-13-01T00:00:00Z"})
  void rejectsWhatIsNoTime(String text) {
    assertThatThrownBy(() -> TimeText.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesMillisecondsAlways() {
    assertThat(TimeText.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000Z");
  }
}
