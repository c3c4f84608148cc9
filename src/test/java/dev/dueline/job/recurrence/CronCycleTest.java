package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rules that rarely fire, against each day of a whole cycle of the calendar, 400 years. */
class CronCycleTest {
  private static final int RULES = 60;
  private static final long DAY_MS = 86_400_000;
  private static final long FROM = Instant.parse("1999-12-31T00:00:00Z").toEpochMilli();
  private static final int DAYS = 146_097;

  @Test
  void agreesWithACalendarThatIsTurnedDayByDay() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < RULES; i++) {
      RandomCron rule = RandomCron.ofRareDays(random);
      String what = rule.text() + ", seed " + seed;
      long[] fires = fires(rule.matches());
      if (fires.length == 0) {
        assertThat(CronTest.refusal(rule.text())).as(what).contains("never fires");
        continue;
      }
      Cron cron = new Cron(rule.text(), "");
      long after = FROM;
      for (long fire : fires) {
        assertThat(cron.next(FROM, after)).as(what).hasValue(fire);
        after = fire;
      }
      long end = FROM + DAYS * DAY_MS;
      assertThat(cron.count(FROM, end)).as(what).isEqualTo(fires.length);
      assertThat(cron.latest(FROM, end)).as(what).hasValue(fires[fires.length - 1]);
      int middle = fires.length / 2;
      assertThat(cron.count(FROM, fires[middle] - 1)).as(what).isEqualTo(middle);
      assertThat(cron.latest(FROM, fires[middle] - 1))
          .as(what)
          .isEqualTo(middle == 0 ? OptionalLong.empty() : OptionalLong.of(fires[middle - 1]));
    }
  }

  @Test
  void theRarestRuleIsFoundQuickly() {
    Cron cron = new Cron("0 2 29 2 */7", "Europe/Berlin");
    long after = Instant.parse("2088-03-01T00:00:00Z").toEpochMilli();
    for (int i = 0; i < 100_000; i++) {
      assertThat(cron.next(after, after).isPresent()).isTrue();
    }
  }

  /** Of rules that fire at midnight only. */
  private static long[] fires(Predicate<LocalDateTime> matches) {
    return LongStream.rangeClosed(1, DAYS)
        .map(day -> FROM + day * DAY_MS)
        .filter(ms -> matches.test(LocalDateTime.ofEpochSecond(ms / 1000, 0, ZoneOffset.UTC)))
        .toArray();
  }
}
