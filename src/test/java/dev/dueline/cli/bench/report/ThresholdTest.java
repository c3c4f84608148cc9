package dev.dueline.cli.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.cli.text.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {
  private final Figures figures =
      new Figures().text("command", "x").number("p99_ms", 5.25).count("jobs", 10_000);

  @ParameterizedTest
  @CsvSource({
    "p99_ms>5, true",
    "p99_ms>5.25, false",
    "p99_ms>=5.25, true",
    "' p99_ms < 6 ', true",
    "p99_ms<5.25, false",
    "jobs<=10000, true",
    "jobs==10000.0, true",
    "jobs!=10000, false",
    "jobs>-1, true",
    "error_unavailable>0, false",
    "ack_error_internal==0, true"
  })
  void comparesExactly(String expression, boolean isViolated) {
    Threshold threshold = Threshold.parse(expression);
    threshold.check(figures);
    assertThat(threshold.isViolated(figures)).isEqualTo(isViolated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "p99_ms", "p99_ms>", ">5", "p99_ms>5ms", "p99_ms=5", "a b>1", "a>1e3"})
  void refusesWhatIsNoExpression(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Threshold.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p42_ms>1", "command==1"})
  void namesTheFiguresThatThereAre(String expression) {
    assertThatThrownBy(() -> Threshold.parse(expression).check(figures))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("in p99_ms, jobs");
  }

  @Test
  void readsAsItWasWritten() {
    assertThat(Threshold.parse(" jobs_per_second < 10000.50 "))
        .hasToString("jobs_per_second<10000.50");
    assertThatCode(() -> Threshold.parse("jobs<1").check(figures)).doesNotThrowAnyException();
  }
}
