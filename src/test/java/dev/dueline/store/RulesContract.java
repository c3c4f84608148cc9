package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.queue.QueueStore.Spread;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules that jobs keep, against each way by which a job comes to wait: a rule holds by all of them,
 * or says by which it does not.
 */
interface RulesContract extends ContractFixture {
  /** A way for the job {@code x} to wait, from where it begins. */
  enum Way {
    SCHEDULE(null),
    REPLACE_PENDING(JobState.PENDING),
    REPLACE_EARLIER_PENDING(JobState.PENDING),
    REPLACE_LATER_PENDING(JobState.PENDING),
    REPLACE_DEAD(JobState.DEAD),
    REPLACE_EARLIER_DEAD(JobState.DEAD),
    REPLACE_LATER_DEAD(JobState.DEAD),
    RESCHEDULE_PENDING(JobState.PENDING),
    RESCHEDULE_DEAD(JobState.DEAD),
    REDRIVE_NAMED(JobState.DEAD),
    REDRIVE_ALL(JobState.DEAD),
    NACK(JobState.LEASED),
    LEASE_OVER(JobState.LEASED),
    NEXT_RUN(JobState.LEASED);

    private final @Nullable JobState from;

    Way(@Nullable JobState from) {
      this.from = from;
    }
  }

  /** What becomes of a job that goes a way. */
  enum End {
    /** It waits. */
    WAITS,
    /** The way was refused. */
    REFUSED,
    /** It is gone. */
    GONE
  }

  /** What was leased has to come back; all else is new to the queue. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          SCHEDULE,                REFUSED
          REPLACE_PENDING,         WAITS
          REPLACE_EARLIER_PENDING, WAITS
          REPLACE_LATER_PENDING,   WAITS
          REPLACE_DEAD,            REFUSED
          REPLACE_EARLIER_DEAD,    REFUSED
          REPLACE_LATER_DEAD,      REFUSED
          RESCHEDULE_PENDING,      WAITS
          RESCHEDULE_DEAD,         REFUSED
          REDRIVE_NAMED,           REFUSED
          REDRIVE_ALL,             REFUSED
          NACK,                    WAITS
          LEASE_OVER,              WAITS
          NEXT_RUN,                WAITS
          """)
  default void aFullQueueTakesNoMore(Way way, End end) {
    LeaseRef lease = bring(way, Rule.MAX_MS);
    given("other", in(60 * MINUTE));
    int pending = ids(JobState.PENDING).size();
    QueueLimits one = new QueueLimits(0, 0, 1);
    await(operations().limit(shard(), QueueLimits.Change.to(one), one));

    assertThat(go(way, lease, Rule.MAX_MS, in(2 * MINUTE))).isEqualTo(end);

    assertThat(ids(JobState.PENDING)).hasSize(way.from == JobState.LEASED ? pending + 1 : pending);
    assertThat(ids(JobState.DEAD)).hasSize(way.from == JobState.DEAD ? 1 : 0);
  }

  /** A run that was due by the end may be tried again after it. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          SCHEDULE,                REFUSED
          REPLACE_PENDING,         REFUSED
          REPLACE_EARLIER_PENDING, WAITS
          REPLACE_LATER_PENDING,   REFUSED
          REPLACE_DEAD,            REFUSED
          REPLACE_EARLIER_DEAD,    REFUSED
          REPLACE_LATER_DEAD,      REFUSED
          RESCHEDULE_PENDING,      REFUSED
          RESCHEDULE_DEAD,         REFUSED
          REDRIVE_NAMED,           WAITS
          REDRIVE_ALL,             WAITS
          NACK,                    WAITS
          LEASE_OVER,              WAITS
          NEXT_RUN,                GONE
          """)
  default void noRunIsDueAfterTheEndOfItsSeries(Way way, End end) {
    long endMs = nowMs() + MINUTE;
    LeaseRef lease = bring(way, endMs);

    assertThat(go(way, lease, endMs, in(2 * MINUTE))).isEqualTo(end);

    if (exists("x")) {
      assertThat(read("x").job().dueMs()).isLessThanOrEqualTo(endMs);
      assertThat(read("x").state()).isEqualTo(end == End.REFUSED ? way.from : JobState.PENDING);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SCHEDULE",
        "REPLACE_PENDING",
        "REPLACE_DEAD",
        "RESCHEDULE_PENDING",
        "RESCHEDULE_DEAD"
      })
  default void aRunMayBeDueAtTheEndOfItsSeries(Way way) {
    long endMs = nowMs() + MINUTE;
    LeaseRef lease = bring(way, endMs);

    assertThat(go(way, lease, endMs, at(endMs))).isEqualTo(End.WAITS);

    assertThat(read("x").dueMs()).isEqualTo(endMs);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          REPLACE_PENDING,    1
          REPLACE_DEAD,       1
          RESCHEDULE_PENDING, 2
          RESCHEDULE_DEAD,    1
          REDRIVE_NAMED,      1
          REDRIVE_ALL,        1
          NACK,               3
          LEASE_OVER,         3
          NEXT_RUN,           1
          """)
  default void attemptsGoOnOrBeginAnew(Way way, int attempt) {
    LeaseRef lease = bring(way, Rule.MAX_MS);
    if (way.from != JobState.DEAD) {
      LeaseRef first = way.from == JobState.LEASED ? lease : claim(1).token().lease();
      release(first, new Target.DueAgain(in(0)), true, "failed");
      pass(SECOND);
    }
    if (way.from == JobState.LEASED) {
      lease = claim(1).token().lease();
    }

    assertThat(go(way, lease, Rule.MAX_MS, in(MINUTE))).isEqualTo(End.WAITS);

    pass(120 * MINUTE);
    assertThat(claim(1).attempt()).isEqualTo(attempt);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  default void aPausedQueueDeliversNothing(Way way) {
    LeaseRef lease = bring(way, Rule.MAX_MS);
    await(operations().pause(shard(), true));

    assertThat(go(way, lease, Rule.MAX_MS, in(0))).isEqualTo(End.WAITS);

    pass(120 * MINUTE);
    assertThat(claimUpTo(2).deliveries()).isEmpty();
    await(operations().pause(shard(), false));
    assertThat(claimedIds(2)).containsExactly("x");
  }

  /** Brings the job to where a way begins; gives its lease, or one that is none. */
  private LeaseRef bring(Way way, long endMs) {
    LeaseRef none = new LeaseRef(id("x"), new LeaseId(0, 0, 0, 0));
    if (way.from == null) {
      return none;
    }
    schedule(job(way, at(nowMs()), endMs, "old"), ConflictPolicy.REJECT);
    if (way.from == JobState.PENDING) {
      return none;
    }
    pass(SECOND);
    LeaseRef lease = claim(1).token().lease();
    if (way.from == JobState.DEAD) {
      release(lease, new Target.Dead(), true, "given up");
    }
    return lease;
  }

  /** It recurs where its series is to end, or to go on; the first run of that is the last. */
  private static NewJob job(Way way, Due due, long endMs, String payload) {
    boolean recurs = endMs < Rule.MAX_MS || way == Way.NEXT_RUN;
    Recurrence hourly = new Recurrence(new Every(60 * MINUTE), endMs, 0, MissedRuns.SKIP);
    return new NewJob(
        id("x"), due, bytes(payload), new TreeMap<>(), null, 0, recurs ? hourly : null, null);
  }

  private End go(Way way, LeaseRef lease, long endMs, Due due) {
    NewJob other = job(way, due, endMs, "new");
    Spread then = new Spread(due.ms(), due.ms());
    return switch (way) {
      case SCHEDULE -> end(schedule(other, ConflictPolicy.REJECT));
      case REPLACE_PENDING, REPLACE_DEAD -> end(schedule(other, ConflictPolicy.REPLACE));
      case REPLACE_EARLIER_PENDING, REPLACE_EARLIER_DEAD ->
          end(schedule(other, ConflictPolicy.REPLACE_IF_EARLIER));
      case REPLACE_LATER_PENDING, REPLACE_LATER_DEAD ->
          end(schedule(other, ConflictPolicy.REPLACE_IF_LATER));
      case RESCHEDULE_PENDING, RESCHEDULE_DEAD ->
          end(
              await(store().reschedule(shard(), id("x"), due)).outcome()
                  == Rescheduled.Outcome.MOVED);
      case REDRIVE_NAMED -> end(await(operations().redrive(shard(), List.of(id("x")), then)) == 1);
      case REDRIVE_ALL -> end(await(operations().redrive(shard(), 9, then)) == 1);
      case NACK -> end(release(lease, new Target.DueAgain(due), true, "failed"));
      case LEASE_OVER -> {
        pass(LEASE_MS + SECOND);
        yield end(release(new Release(lease, new Target.AsItWas(), true, "over"), true));
      }
      case NEXT_RUN -> end(ack(lease));
    };
  }

  private End end(Scheduled scheduled) {
    return switch (scheduled.outcome()) {
      case CREATED, REPLACED, UNCHANGED -> end(true);
      default -> end(false);
    };
  }

  private End end(boolean isDone) {
    return !isDone ? End.REFUSED : exists("x") ? End.WAITS : End.GONE;
  }
}
