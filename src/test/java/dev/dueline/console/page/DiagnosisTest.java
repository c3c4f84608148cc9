package dev.dueline.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.Samples.Sample;
import dev.dueline.console.view.Problem;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each reason for which jobs wait is told from the others. */
class DiagnosisTest {
  private static final QueueName QUEUE = new QueueName("q");
  private static final long NOW_MS = 1_700_000_000_000L;

  private final State state = new State();
  private long stillMs = 2_000;

  @Test
  void nothingIsWrongWithJobsThatAreOnTheirWay() {
    state.overdueMs = 4_000;
    assertThat(problems(0)).isEmpty();
  }

  @Test
  void nobodyWatches() {
    state.watchers = 0;
    assertOnly(true, "nobody watches it");
  }

  @Test
  void itIsPaused() {
    state.isPaused = true;
    assertOnly(true, "it is paused");
  }

  @Test
  void itIsPausedAndNothingIsDue() {
    state.isPaused = true;
    state.due = 0;
    assertOnly(false, "It is paused.");
  }

  @Test
  void theLimitOfLeasesHolds() {
    state.limits = new QueueLimits(0, 5, 0);
    state.leased = 5;
    assertOnly(true, "the limit of leases allows (5)");
  }

  @Test
  void theLimitOfTheRateHolds() {
    state.limits = new QueueLimits(1, 0, 0);
    state.dispatched = 1;
    assertOnly(false, "held back by the limit of its rate");
  }

  @Test
  void theLimitOfTheRateIsLongerThanTwoLooksAreApart() {
    state.limits = new QueueLimits(0.5, 0, 0);
    assertOnly(false, "held back by the limit of its rate");
  }

  @Test
  void aShardHasItsPartOfTheRate() {
    state.limits = new QueueLimits(1, 0, 0);
    state.shards = 4;
    stillMs = 4_000;
    assertOnly(false, "held back by the limit of its rate");
  }

  @Test
  void theLimitOfTheRateExplainsNoLongStandstill() {
    state.limits = new QueueLimits(100, 0, 0);
    assertOnly(true, "its one watcher takes none: 0 are leased");
    state.limits = new QueueLimits(0.5, 0, 0);
    stillMs = 60_000;
    assertOnly(true, "its one watcher takes none: 0 are leased");
  }

  @Test
  void watchersAreTooSlow() {
    state.dispatched = 1;
    assertOnly(false, "more fall due than its watchers take");
  }

  @Test
  void itsWatcherHangs() {
    state.leased = 3;
    assertOnly(true, "its one watcher takes none: 3 are leased");
  }

  @Test
  void itsRedisStreamsTakeNoMore() {
    state.stream = new RedisStreamTarget("group", 10);
    assertOnly(true, "its Redis Streams take no more");
  }

  @Test
  void itIsFull() {
    state.limits = new QueueLimits(0, 0, 7);
    state.overdueMs = 0;
    assertOnly(true, "It is full: 7 jobs are pending");
  }

  @Test
  void jobsDied() {
    state.overdueMs = 0;
    assertThat(problems(4))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.what())
                  .isEqualTo("4 jobs died in the last 5 minutes, 2 are dead.");
              assertThat(problem.isSevere()).isFalse();
              assertThat(problem.href()).isEqualTo("/dead?queue=q");
            });
  }

  @Test
  void oneLookDoesNotTellWhetherJobsMove() {
    QueueView only = state.view(0);
    assertThat(new Diagnosis(Sample.first(only, 0)).problems())
        .singleElement()
        .extracting(Problem::remedy)
        .isEqualTo("Whether it moves is known after the next look.");
  }

  private void assertOnly(boolean isSevere, String what) {
    assertThat(problems(0))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.what()).contains(what);
              assertThat(problem.isSevere()).isEqualTo(isSevere);
              assertThat(problem.queue()).isEqualTo("q");
              assertThat(problem.remedy()).isNotEmpty();
            });
  }

  private List<Problem> problems(long diedLately) {
    State before = new State();
    before.shards = state.shards;
    long stillSinceMs = NOW_MS + 2_000 - stillMs;
    return new Diagnosis(new Sample(state.view(2_000), before.view(0), diedLately, stillSinceMs))
        .problems();
  }

  /** A queue with a watcher, whose jobs wait though nothing holds them back. */
  private static final class State {
    private QueueLimits limits = new QueueLimits(0, 0, 0);
    private boolean isPaused;
    private int shards = 1;
    private int watchers = 1;
    private long due = 7;
    private long leased;
    private long overdueMs = 60_000;
    private long dispatched;
    private @Nullable RedisStreamTarget stream;

    QueueView view(long afterMs) {
      long nowMs = NOW_MS + afterMs;
      ShardStats shard =
          new ShardStats(
              nowMs,
              isPaused,
              limits,
              7,
              due,
              leased,
              2,
              due == 0 ? Claim.NONE : nowMs - overdueMs,
              new Totals(9, dispatched, 0, 0, 2, 0, 0),
              watchers,
              stream,
              0);
      ShardStats idle =
          new ShardStats(
              nowMs,
              isPaused,
              limits,
              0,
              0,
              0,
              0,
              Claim.NONE,
              new Totals(0, 0, 0, 0, 0, 0, 0),
              0,
              stream,
              0);
      List<ShardStats> all = new ArrayList<>(Collections.nCopies(shards - 1, idle));
      all.add(0, shard);
      return new QueueView(new QueueLayout(QUEUE, shards), all, List.of());
    }
  }
}
