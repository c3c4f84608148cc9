package dev.dueline.console.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import org.junit.jupiter.api.Test;

/** What is known of a queue's last hour, as far as somebody looked. */
class SeriesTest {
  private static final long START_MS = 1_700_000_000_000L;
  private static final long[] HELD = {0, 0, 0};

  private final Series series = new Series();

  @Test
  void jobsThatDiedBeforeTheFirstLookAreNoNews() {
    assertThat(series.diedLately(START_MS, 9)).isZero();
    series.add(START_MS, 0, 0, 9, HELD, null);
    assertThat(series.diedLately(START_MS + 1, 9)).isZero();
  }

  @Test
  void jobsThatDiedAreToldAtOnceAndForMinutes() {
    series.add(START_MS, 0, 0, 9, HELD, null);
    assertThat(series.diedLately(START_MS + 2_000, 12)).isEqualTo(3);
    long ms = START_MS;
    for (int point = 1; point <= 15; point++) {
      ms = START_MS + point * Series.STEP_MS;
      series.add(ms, 0, 0, 12, HELD, null);
      assertThat(series.diedLately(ms, 12)).as("point %d", point).isEqualTo(3);
    }
    series.add(ms + Series.STEP_MS, 0, 0, 12, HELD, null);
    assertThat(series.diedLately(ms + Series.STEP_MS, 12)).isZero();
  }

  @Test
  void whatDiedInAShortPauseIsToldForMinutesAfterIt() {
    series.add(START_MS, 0, 0, 0, HELD, null);
    long laterMs = START_MS + 2 * 60_000;
    assertThat(series.diedLately(laterMs, 100)).isEqualTo(100);
    series.add(laterMs, 0, 0, 100, HELD, null);
    assertThat(series.diedLately(laterMs, 100)).isEqualTo(100);
    assertThat(series.diedLately(laterMs + 2_000, 100)).isEqualTo(100);
    assertThat(series.diedLately(laterMs + 5 * 60_000, 100)).isZero();
  }

  @Test
  void whatHappenedWhileNobodyLookedIsNotTold() {
    series.add(START_MS, 0, 0, 0, HELD, null);
    long laterMs = START_MS + 10 * 60_000;
    assertThat(series.diedLately(laterMs, 100)).isZero();
    series.add(laterMs, 0, 0, 100, HELD, null);
    assertThat(series.diedLately(laterMs + 2_000, 101)).isEqualTo(1);
  }

  @Test
  void latenessIsThatOfEachPoint() {
    series.add(START_MS, 0, 0, 0, HELD, null);
    series.add(START_MS + Series.STEP_MS, 9, 0, 0, HELD, new Lateness(5, 250));
    series.add(START_MS + 2 * Series.STEP_MS, 9, 0, 0, HELD, new Lateness(5, Long.MAX_VALUE));
    assertThat(series.points(START_MS + 2 * Series.STEP_MS))
        .extracting(Series.Point::halfMs, Series.Point::mostMs)
        .containsExactly(tuple(-1, -1), tuple(5, 250), tuple(5, 7_200_000));
  }
}
