package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.recurrence.Recurrence.NextRun;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What follows a run. */
class RecurrenceTest {
  private static final long MINUTE = 60_000;
  private static final Rule EACH_MINUTE = new Every(MINUTE);

  @Test
  void goesOnFromDueTimeToDueTime() {
    Recurrence each = Recurrence.of(EACH_MINUTE);
    NextRun next = each.after(Runs.NONE, 1_000, RunEnd.COMPLETED, 50_000);
    assertThat(next).isEqualTo(new NextRun(OptionalLong.of(61_000), new Runs(1, 0, 0)));
    assertThat(each.after(next.runs(), 61_000, RunEnd.DIED, 61_500).runs())
        .isEqualTo(new Runs(1, 1, 0));
  }

  @Test
  void runsAreNumberedAsTheyTakePlace() {
    assertThat(new Series(Recurrence.of(EACH_MINUTE), Runs.NONE).runNumber()).isEqualTo(1);
    assertThat(new Series(Recurrence.of(EACH_MINUTE), new Runs(3, 2, 40)).runNumber()).isEqualTo(6);
    Recurrence twice = new Recurrence(EACH_MINUTE, Rule.MAX_MS, 2, MissedRuns.RUN_ONCE);
    assertThat(new Series(twice, new Runs(1, 1, 0)).runNumber()).isEqualTo(2);
  }

  @Test
  void oneRunMakesUpForAllThatWereMissed() {
    Recurrence each = Recurrence.of(EACH_MINUTE);
    NextRun next = each.after(Runs.NONE, 0, RunEnd.COMPLETED, 5 * MINUTE + 1);
    assertThat(next).isEqualTo(new NextRun(OptionalLong.of(5 * MINUTE), new Runs(1, 0, 4)));
    assertThat(each.after(next.runs(), 5 * MINUTE, RunEnd.COMPLETED, 5 * MINUTE + 2).dueMs())
        .hasValue(6 * MINUTE);
  }

  @Test
  void orTheyAreSkipped() {
    Recurrence each = new Recurrence(EACH_MINUTE, Rule.MAX_MS, 0, MissedRuns.SKIP);
    assertThat(each.after(Runs.NONE, 0, RunEnd.COMPLETED, 5 * MINUTE))
        .isEqualTo(new NextRun(OptionalLong.of(6 * MINUTE), new Runs(1, 0, 5)));
    assertThat(each.after(Runs.NONE, 0, RunEnd.EXPIRED, 1))
        .isEqualTo(new NextRun(OptionalLong.of(MINUTE), new Runs(0, 0, 1)));
  }

  @Test
  void noRunIsDueAfterTheEnd() {
    Recurrence until = new Recurrence(EACH_MINUTE, 2 * MINUTE, 0, MissedRuns.RUN_ONCE);
    assertThat(until.after(Runs.NONE, MINUTE, RunEnd.COMPLETED, MINUTE).dueMs())
        .hasValue(2 * MINUTE);
    assertThat(until.after(Runs.NONE, 2 * MINUTE, RunEnd.COMPLETED, 2 * MINUTE).dueMs()).isEmpty();
    // What was due by the end is made up for after it.
    assertThat(until.after(Runs.NONE, 0, RunEnd.COMPLETED, 9 * MINUTE))
        .isEqualTo(new NextRun(OptionalLong.of(2 * MINUTE), new Runs(1, 0, 1)));
    assertThat(until.first(MINUTE)).hasValue(2 * MINUTE);
    assertThat(until.first(MINUTE + 1)).isEmpty();
  }

  @Test
  void deadRunsCountAndMissedOnesDoNot() {
    Recurrence three = new Recurrence(EACH_MINUTE, Rule.MAX_MS, 3, MissedRuns.SKIP);
    assertThat(three.after(new Runs(1, 0, 9), 0, RunEnd.DIED, 1).dueMs()).isPresent();
    assertThat(three.after(new Runs(1, 1, 9), 0, RunEnd.EXPIRED, 1).dueMs()).isPresent();
    assertThat(three.after(new Runs(1, 1, 9), 0, RunEnd.DIED, 1))
        .isEqualTo(new NextRun(OptionalLong.empty(), new Runs(1, 2, 9)));
  }

  @Test
  void tellsWhatIsToCome() {
    Recurrence each = Recurrence.of(EACH_MINUTE);
    assertThat(each.upcoming(Runs.NONE, 500, 500, 3)).containsExactly(60_500L, 120_500L, 180_500L);
    assertThat(each.upcoming(Runs.NONE, 500, 90_000, 1)).containsExactly(120_500L);
    Recurrence few = new Recurrence(EACH_MINUTE, 2 * MINUTE, 4, MissedRuns.SKIP);
    assertThat(few.upcoming(Runs.NONE, 0, 0, 5)).containsExactly(MINUTE, 2 * MINUTE);
    assertThat(few.upcoming(new Runs(1, 1, 0), 0, 0, 5)).containsExactly(MINUTE);
    assertThat(few.upcoming(new Runs(3, 1, 0), 0, 0, 5)).isEmpty();
  }

  @Test
  void agreesWithStepsThroughAllDueTimes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      Rule rule =
          random.nextBoolean()
              ? new Every(random.nextLong(1_000, 100_000))
              : new Cron(random.nextInt(60) + "/" + random.nextInt(1, 60) + " * * * * *", "");
      long due = random.nextLong(1_000_000);
      long now = due + random.nextLong(-1_000, 500_000);
      long end = due + random.nextLong(600_000);
      List<Long> passed = new ArrayList<>();
      long next = rule.next(due, due).getAsLong();
      for (; next <= Math.min(now, end); next = rule.next(due, next).getAsLong()) {
        passed.add(next);
      }
      if (rule instanceof Every every) {
        assertThat(next).isEqualTo(due + (passed.size() + 1) * every.intervalMs());
      }
      NextRun once =
          new Recurrence(rule, end, 0, MissedRuns.RUN_ONCE)
              .after(Runs.NONE, due, RunEnd.COMPLETED, now);
      NextRun skipped =
          new Recurrence(rule, end, 0, MissedRuns.SKIP)
              .after(Runs.NONE, due, RunEnd.COMPLETED, now);
      OptionalLong onward = next <= end ? OptionalLong.of(next) : OptionalLong.empty();
      assertThat(skipped).isEqualTo(new NextRun(onward, new Runs(1, 0, passed.size())));
      assertThat(once)
          .isEqualTo(
              passed.isEmpty()
                  ? skipped
                  : new NextRun(
                      OptionalLong.of(passed.get(passed.size() - 1)),
                      new Runs(1, 0, passed.size() - 1)));
    }
  }

  @Test
  void holdsItsBounds() {
    assertThatThrownBy(() -> new Every(999)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Recurrence(EACH_MINUTE, -1, 0, MissedRuns.SKIP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Recurrence(EACH_MINUTE, 0, -1, MissedRuns.SKIP))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
