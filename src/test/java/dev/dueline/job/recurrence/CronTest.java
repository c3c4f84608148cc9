package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What expressions mean, and which are refused. */
class CronTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 9 * * MON-FRI     | 2026-11-20T09:00:00Z | 2026-11-23T09:00:00Z",
        "0 9 * * 1-5         | 2026-11-19T09:00:00Z | 2026-11-20T09:00:00Z",
        "0 0 * * 7           | 2026-11-23T00:00:00Z | 2026-11-29T00:00:00Z",
        "0 0 * * sun         | 2026-11-23T00:00:00Z | 2026-11-29T00:00:00Z",
        "0 0 29 2 *          | 2026-11-23T00:00:00Z | 2028-02-29T00:00:00Z",
        "0 0 29 feb *        | 2097-01-01T00:00:00Z | 2104-02-29T00:00:00Z",
        "0 0 13 * FRI        | 2026-11-14T00:00:00Z | 2026-11-20T00:00:00Z",
        "0 0 */2 * FRI       | 2026-11-23T00:00:00Z | 2026-11-27T00:00:00Z",
        "30 5 1 1-3,JUL */1  | 2026-03-02T00:00:00Z | 2026-07-01T05:30:00Z",
        "*/20 * * * *        | 2026-11-23T10:40:00Z | 2026-11-23T11:00:00Z",
        "10/20 * * * *       | 2026-11-23T10:31:00Z | 2026-11-23T10:50:00Z",
        "*/7 * * * * *       | 2026-11-23T10:00:56Z | 2026-11-23T10:01:00Z",
        "0 9 */14 3 SUN      | 2026-11-23T10:00:00Z | 2037-03-01T09:00:00Z",
        "0 9 */14 3 SUN      | 2037-03-01T09:00:00Z | 2037-03-15T09:00:00Z",
        "0 9 */14 3 SUN      | 2037-03-29T09:00:00Z | 2043-03-01T09:00:00Z",
        "0 2 29 2 */7        | 2026-11-23T10:00:00Z | 2032-02-29T02:00:00Z",
        "0 2 29 2 */7        | 2032-02-29T02:00:00Z | 2060-02-29T02:00:00Z",
        "0 2 29 2 */7        | 2088-02-29T02:00:00Z | 2128-02-29T02:00:00Z",
        "0 0 */30 2,12 */5   | 2026-11-23T10:00:00Z | 2027-12-31T00:00:00Z",
        "0 0 * jan-mar mon-wed,7 | 2026-03-31T10:00:00Z | 2027-01-03T00:00:00Z",
        "0 0 * * 5-7         | 2026-11-23T00:00:00Z | 2026-11-27T00:00:00Z",
        "@hourly             | 2026-11-23T10:00:00Z | 2026-11-23T11:00:00Z",
        "@Daily              | 2026-11-23T10:00:00Z | 2026-11-24T00:00:00Z",
        "@midnight           | 2026-12-31T10:00:00Z | 2027-01-01T00:00:00Z",
        "@weekly             | 2026-11-23T10:00:00Z | 2026-11-29T00:00:00Z",
        "@monthly            | 2026-11-23T10:00:00Z | 2026-12-01T00:00:00Z",
        "@yearly             | 2026-11-23T10:00:00Z | 2027-01-01T00:00:00Z",
        "@annually           | 2026-11-23T10:00:00Z | 2027-01-01T00:00:00Z",
        "0 0 * * *           | 2026-11-22T23:59:59.999Z | 2026-11-23T00:00:00Z",
      })
  void givesTheNextTime(String expression, Instant after, Instant next) {
    long afterMs = after.toEpochMilli();
    assertThat(new Cron(expression, "").next(afterMs, afterMs)).hasValue(next.toEpochMilli());
  }

  @Test
  void ofATimeThatIsSkippedTheChangeIsTheMoment() {
    Cron cron = new Cron("30 2 * * *", "Europe/Berlin");
    assertThat(next(cron, "2026-03-28T12:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assertThat(next(new Cron("*/30 2,3 * * *", "Europe/Berlin"), "2026-03-28T12:00:00Z", 3))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z");
  }

  @Test
  void aTimeThatOccursTwiceRunsOnce() {
    Cron cron = new Cron("30 2 * * *", "Europe/Berlin");
    assertThat(next(cron, "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(next(new Cron("*/30 * * * *", "Europe/Berlin"), "2026-10-25T00:00:00Z", 3))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z");
  }

  @Test
  void aDayThatAZoneSkipsIsOneMoment() {
    assertThat(next(new Cron("0 */6 30 12 *", "Pacific/Apia"), "2011-12-01T00:00:00Z", 2))
        .containsExactly("2011-12-30T10:00:00Z", "2012-12-29T10:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30,31 FEB *"})
  void refusesWhatNeverFires(String expression) {
    assertThatThrownBy(() -> new Cron(expression, "")).hasMessageStartingWith("never fires");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/90 * * * *", "0 */24 * * *", "0 0 */45 * *", "0 0 1 */13 *"})
  void recordsHoldStepsThatAreRefusedToday(String expression) {
    assertThatThrownBy(() -> new Cron(expression, "")).hasMessageContaining("has a step of");
    assertThat(Cron.stored(expression, "").next(0, 0)).isPresent();
  }

  @Test
  void yearsOfEverySecondAreCountedQuickly() {
    Cron cron = new Cron("* * * * * *", "Europe/Berlin");
    long to = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    long changes = 47L * 3_600; // Each autumn since 1980 but one hides an hour.
    assertThat(cron.count(0, to)).isBetween(to / 1000 - changes, to / 1000 - 46 * 3_600);
    assertThat(cron.latest(0, to)).hasValue(to);
  }

  @Test
  void endsWithTheYear9999() {
    Cron cron = new Cron("0 0 1 1 *", "");
    long last = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();
    assertThat(cron.next(last - 1, last - 1)).hasValue(last);
    assertThat(cron.next(last, last)).isEqualTo(OptionalLong.empty());
    assertThat(new Every(Duration.ofDays(400).toMillis()).next(last, last)).isEmpty();
  }

  /** What is wrong with an expression. */
  static String refusal(String expression) {
    return String.valueOf(catchThrowable(() -> new Cron(expression, "")));
  }

  private static List<String> next(Cron cron, String after, int count) {
    long from = Instant.parse(after).toEpochMilli();
    return Stream.iterate(cron.next(from, from).getAsLong(), ms -> cron.next(from, ms).getAsLong())
        .limit(count)
        .map(ms -> Instant.ofEpochMilli(ms).toString())
        .toList();
  }
}
