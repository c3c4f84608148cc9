package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which zones there are, and what is said of others. */
class ZoneNamesTest {
  private static final Instant JULY = Instant.parse("2026-07-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "EST, -18000",
    "MST, -25200",
    "HST, -36000",
    "ROC, 28800",
    "GMT+0, 0",
    "GMT-0, 0",
    "UTC, 0",
    "Europe/Berlin, 7200",
    "America/Argentina/Ushuaia, -10800",
    "Etc/GMT+5, -18000",
    "'', 0",
    "EST5EDT, -14400",
    "CET, 7200",
    "PRC, 28800",
    "W-SU, 10800",
    "Zulu, 0"
  })
  void knowsTheNamesOfIana(String name, int offsetSeconds) {
    assertThat(ZoneNames.problem(name)).isEmpty();
    assertThat(ZoneNames.rules(name).getOffset(JULY).getTotalSeconds()).isEqualTo(offsetSeconds);
    assertThat(Cron.stored("0 9 * * *", name)).isEqualTo(new Cron("0 9 * * *", name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "europe/berlin           | must be written Europe/Berlin",
        "EUROPE/BERLIN           | must be written Europe/Berlin",
        "'Europe/Berlin '        | must be written Europe/Berlin",
        "America/New York        | must be written America/New_York",
        "utc                     | must be written UTC",
        "est                     | must be written EST",
        "GMT+2                   | Etc/GMT-2, whose sign counts westward",
        "UTC-03:00               | Etc/GMT+3, whose sign counts westward",
        "+0200                   | Etc/GMT-2, whose sign counts westward",
        "+05:30                  | an offset is not one",
        "-15                     | an offset is not one",
        "+00:00                  | must be UTC",
        "Z                       | must be UTC",
        "Berlin                  | such as Europe/Berlin",
        "Buenos Aires            | such as America/Buenos_Aires",
        "posix/Asia/Tokyo        | such as Asia/Tokyo",
        "SystemV/EST5EDT         | such as EST5EDT",
        "SystemV/EST5            | the IANA name",
        "PST                     | an abbreviation is not one",
        "CEST                    | an abbreviation is not one",
        "JST                     | such as Asia/Tokyo",
        "W. Europe Standard Time | Windows",
        "Mars/Olympus            | that this server knows",
        "CET-1CEST               | that this server knows",
        "localtime               | that this server knows",
        "Factory                 | that this server knows",
        "' '                     | that this server knows",
      })
  void saysWhichIsTheRightOne(String name, String message) {
    assertThat(ZoneNames.problem(name).orElse("")).startsWith("must be").contains(message);
    assertThatThrownBy(() -> new Cron("0 9 * * *", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void recordsHoldZonesOfTheJdkThatAreRefusedToday() {
    assertThat(Cron.stored("0 9 * * *", "SystemV/EST5").next(0, 0)).hasValue(14 * 3_600_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mars/Olympus", "GMT+2", "PST", "+02:00"})
  void norDoRecordsHoldWhatNeverWasOne(String name) {
    assertThatThrownBy(() -> Cron.stored("0 9 * * *", name))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
