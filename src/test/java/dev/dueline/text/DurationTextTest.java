package dev.dueline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "40s, PT40S",
    "1500ms, PT1.5S",
    "3d2h, PT74H",
    "1m30s, PT1M30S",
    "2h5ms, PT2H0.005S",
    "PT40S, PT40S",
    "P1DT1S, PT24H1S"
  })
  void readsWhatPeopleWrite(String text, Duration expected) {
    assertThat(DurationText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "40",
        "s",
        "-3s",
        "PT-3S",
        "3s2h",
        "1.5s",
        "3 s",
        "forever",
        "P",
        "99999999999999999999s",
        "999999999999999999d"
      })
  void rejectsTheRest(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is not a duration");
  }
}
