package dev.dueline.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rates a queue may have. */
class QueueLimitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, true",
    "0.001, true",
    "1000000, true",
    "0.00099, false",
    "1000000.5, false",
    "-1, false",
    "NaN, false",
    "Infinity, false"
  })
  void aRateHasBounds(double rate, boolean isOne) {
    assertThat(QueueLimits.isRate(rate)).isEqualTo(isOne);
  }
}
