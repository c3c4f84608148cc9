package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random rules around every change of a zone's clocks in a year, against a stepped clock. */
class CronChangesTest {
  private static final long HOUR_MS = 3_600_000;
  private static final int RULES = 25;

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026",
    "America/New_York, 2026",
    "America/Sao_Paulo, 2018",
    "Australia/Lord_Howe, 2026",
    "Pacific/Apia, 2011",
    "Antarctica/Troll, 2026",
    "Africa/Casablanca, 2026",
    "Africa/Cairo, 2026",
    "Asia/Tehran, 2022",
    "America/St_Johns, 2011",
    "Asia/Kathmandu, 1986",
    "UTC, 2026",
  })
  void agreesWithAClockThatIsWatched(String name, int year) {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (long aroundMs : changes(name, year)) {
      for (int i = 0; i < RULES; i++) {
        long after = aroundMs - random.nextInt(1, 30) * HOUR_MS;
        check(seed, name, RandomCron.of(random, false), after, aroundMs + 30 * HOUR_MS, 60);
        long shortly = aroundMs - random.nextInt(1, 4_000) * 1_000L;
        check(seed, name, RandomCron.of(random, true), shortly, aroundMs + 2 * HOUR_MS, 1);
      }
    }
  }

  private static void check(
      long seed, String zone, RandomCron random, long after, long to, int stepSeconds) {
    String what = random.text() + " in " + zone + " after " + after + ", seed " + seed;
    Cron cron;
    try {
      cron = new Cron(random.text(), zone);
    } catch (IllegalArgumentException never) {
      assertThat(never).as(what).hasMessageContaining("never fires");
      return;
    }
    List<Long> expected =
        SteppedClock.fires(random.matches(), ZoneId.of(zone), after, to, stepSeconds);
    List<Long> given = new ArrayList<>();
    OptionalLong next = cron.next(after, after);
    while (next.isPresent() && next.getAsLong() <= to) {
      given.add(next.getAsLong());
      next = cron.next(after, next.getAsLong());
    }
    assertThat(given).as(what).isEqualTo(expected);
    assertThat(cron.count(after, to)).as(what).isEqualTo(expected.size());
    assertThat(cron.latest(after, to))
        .as(what)
        .isEqualTo(
            expected.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(expected.get(expected.size() - 1)));
    for (int i = 1; i < expected.size(); i += 1 + expected.size() / 20) {
      long between = (expected.get(i - 1) + expected.get(i)) / 2;
      assertThat(cron.next(after, between)).as(what).hasValue(expected.get(i));
      assertThat(cron.latest(after, between)).as(what).hasValue(expected.get(i - 1));
      assertThat(cron.count(after, between)).as(what).isEqualTo(i);
      assertThat(cron.count(between, to)).as(what).isEqualTo(expected.size() - i);
    }
  }

  /** The changes of a year; of a zone without any, its middle. */
  private static List<Long> changes(String zone, int year) {
    ZoneRules rules = ZoneId.of(zone).getRules();
    Instant from = Instant.parse(year + "-01-01T00:00:00Z");
    Instant end = Instant.parse((year + 1) + "-01-01T00:00:00Z");
    List<Long> changes = new ArrayList<>();
    ZoneOffsetTransition change = rules.nextTransition(from.minusSeconds(86_400));
    while (change != null && change.getInstant().isBefore(end)) {
      changes.add(change.getInstant().toEpochMilli());
      change = rules.nextTransition(change.getInstant());
    }
    return changes.isEmpty() ? List.of((from.toEpochMilli() + end.toEpochMilli()) / 2) : changes;
  }
}
