package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A job that recurs: its next run is set where another job would be done or dead. */
interface RecurrenceContract extends ContractFixture {
  Recurrence HOURLY = Recurrence.of(new Every(60 * MINUTE));

  /** Stores a job with a payload that recurs. */
  default Scheduled given(Due due, Recurrence recurrence, long ttlMs) {
    return schedule(recurring(due, recurrence, ttlMs), ConflictPolicy.REJECT);
  }

  static NewJob recurring(Due due, Recurrence recurrence, long ttlMs) {
    TreeMap<String, String> attributes = new TreeMap<>(java.util.Map.of("a", "é"));
    return new NewJob(
        id("r"), due, new byte[] {1, 2, 3}, attributes, null, ttlMs, recurrence, null);
  }

  static Recurrence times(long maxRuns) {
    return new Recurrence(new Every(60 * MINUTE), Rule.MAX_MS, maxRuns, MissedRuns.RUN_ONCE);
  }

  default Runs runs() {
    return Objects.requireNonNull(read("r").job().series()).runs();
  }

  @Test
  default void keepsTheRecurrence() {
    Recurrence daily =
        new Recurrence(
            new Cron("30 9 * * MON-FRI", "Europe/Berlin"), 9_000_000_000_000L, 7, MissedRuns.SKIP);
    given(at(MINUTE), daily, 0);

    assertThat(read("r").job().series()).isEqualTo(new Series(daily, Runs.NONE));
    assertThat(read("r").job().attributes()).containsEntry("a", "é");
    assertThat(claim(1).job().series()).isEqualTo(new Series(daily, Runs.NONE));
  }

  @Test
  default void keepsAZoneThatTheJdkLeavesOut() {
    Recurrence daily = Recurrence.of(new Cron("30 9 * * *", "EST"));
    given(at(nowMs() - SECOND), daily, 0);
    assertThat(await(store().ack(shard(), List.of(claim(1).token().lease()))))
        .containsExactly(true);
    assertThat(read("r").job().series()).isEqualTo(new Series(daily, new Runs(1, 0, 0)));
    assertThat((read("r").dueMs() - 14 * 60 * MINUTE - 30 * MINUTE) % (24 * 60 * MINUTE)).isZero();
  }

  /** 0x03E8 ms and "abc" are, one after the other, the bytes of 0x03E861 ms and "bc". */
  @Test
  default void anIntervalIsNotTakenForTheBeginningOfAPayload() {
    Due due = at(MINUTE);
    assertThat(schedule(with(due, 0x03E8, "abc"), ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
    assertThat(schedule(with(due, 0x03E861, "bc"), ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.ID_TAKEN);
    assertThat(schedule(with(due, 0x03E8, "abc"), ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.UNCHANGED);
  }

  private static NewJob with(Due due, long everyMs, String payload) {
    return new NewJob(
        id("r"),
        due,
        payload.getBytes(UTF_8),
        new TreeMap<>(),
        null,
        0,
        Recurrence.of(new Every(everyMs)),
        null);
  }

  @Test
  default void anAckSetsTheNextRun() {
    long due = nowMs() - SECOND;
    given(at(due), HOURLY, 0);
    LeaseRef lease = claim(1).token().lease();

    assertThat(await(store().ack(shard(), List.of(lease, lease)))).containsExactly(true, false);

    JobView next = read("r");
    assertThat(next.state()).isEqualTo(JobState.PENDING);
    assertThat(next.dueMs()).isEqualTo(due + 60 * MINUTE);
    assertThat(next.job().dueMs()).isEqualTo(due + 60 * MINUTE);
    assertThat(next.job().payload()).containsExactly(1, 2, 3);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
    assertThat(claimUpTo(1).deliveries()).isEmpty();
    pass(60 * MINUTE);
    Delivery second = claim(1);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.dueMs()).isEqualTo(due + 60 * MINUTE);
  }

  @Test
  default void aRetryKeepsTheRun() {
    long due = nowMs() - SECOND;
    given(at(due), HOURLY, 0);
    release(claim(1).token().lease(), new Target.DueAgain(in(MINUTE)), true, "broken");
    assertThat(read("r").failedAttempts()).isEqualTo(1);
    pass(2 * MINUTE);
    Delivery again = claim(1);
    assertThat(again.attempt()).isEqualTo(2);

    ack(again.token().lease());

    assertThat(read("r").dueMs()).isEqualTo(due + 60 * MINUTE);
    assertThat(read("r").failedAttempts()).isZero();
    assertThat(read("r").failures().last()).isEmpty();
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
  }

  @Test
  default void missedRunsAreMadeUpForOnceOrSkipped() {
    long due = nowMs() - SECOND;
    given(at(due), HOURLY, 0);
    pass(5 * 60 * MINUTE);
    ack(claim(1).token().lease());
    assertThat(read("r").dueMs()).isEqualTo(due + 5 * 60 * MINUTE);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 4));
    ack(claim(1).token().lease());
    assertThat(read("r").dueMs()).isEqualTo(due + 6 * 60 * MINUTE);

    cancel("r", false);
    given(at(due), new Recurrence(HOURLY.rule(), Rule.MAX_MS, 0, MissedRuns.SKIP), 0);
    ack(claim(1).token().lease());
    assertThat(read("r").dueMs()).isEqualTo(due + 6 * 60 * MINUTE);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 5));
  }

  @Test
  default void theLastRunRemovesTheJob() {
    given(at(0), times(1), 0);

    assertThat(ack(claim(1).token().lease())).isTrue();

    assertThat(exists("r")).isFalse();
    assertThat(cancel("r", true).outcome()).isEqualTo(Canceled.Outcome.NOT_FOUND);
  }

  @Test
  default void aDeadRunSetsTheNextOneToo() {
    given(at(nowMs()), times(2), 0);
    assertThat(release(claim(1).token().lease(), new Target.Dead(), true, "broken")).isTrue();
    assertThat(read("r").state()).isEqualTo(JobState.PENDING);
    assertThat(read("r").failedAttempts()).isZero();
    assertThat(read("r").failures().last()).isEqualTo("broken");
    assertThat(runs()).isEqualTo(new Runs(0, 1, 0));
    pass(61 * MINUTE);

    LeaseRef last = claim(1).token().lease();
    assertThat(release(last, new Target.Dead(), true, "")).isTrue();

    assertThat(release(last, new Target.Dead(), true, "")).isFalse();
    assertThat(read("r").state()).isEqualTo(JobState.DEAD);
    assertThat(read("r").failedAttempts()).isEqualTo(1);
    assertThat(read("r").failures().last()).isEqualTo("broken");
    assertThat(runs()).isEqualTo(new Runs(0, 2, 0));
    assertThat(ids(JobState.PENDING)).isEmpty();
  }

  @Test
  default void aRunWhoseLeaseRanOutTooOftenIsDead() {
    given(at(nowMs()), HOURLY, 0);
    LeaseRef lease = claim(1).token().lease();
    pass(LEASE_MS + SECOND);
    assertThat(ack(lease)).isFalse();
    Release dead = new Release(lease, new Release.Target.Dead(), true, "lease expired");

    assertThat(release(dead, true)).isTrue();

    assertThat(runs()).isEqualTo(new Runs(0, 1, 0));
    assertThat(read("r").state()).isEqualTo(JobState.PENDING);
  }

  @Test
  default void aTtlDropsTheRunAndNotTheJob() {
    long due = nowMs();
    given(at(due), HOURLY, MINUTE);
    given("other", at(due));
    pass(2 * MINUTE);

    Claim claim = claimUpTo(5);

    assertThat(claim.dropped()).isEqualTo(1);
    assertThat(claim.deliveries()).hasSize(1);
    assertThat(read("r").dueMs()).isEqualTo(due + 60 * MINUTE);
    assertThat(read("r").failedAttempts()).isZero();
    assertThat(read("r").failures().last()).isEmpty();
    assertThat(runs()).isEqualTo(new Runs(0, 0, 1));
  }

  @Test
  default void itsOwnRequestLeavesASeriesAsItIs() {
    given(new Due.ByRule(nowMs()), HOURLY, MINUTE);
    ack(claim(1).token().lease());
    long next = read("r").dueMs();

    for (ConflictPolicy policy : ConflictPolicy.values()) {
      NewJob same = recurring(new Due.ByRule(nowMs() + 7 * MINUTE), HOURLY, MINUTE);
      assertThat(schedule(same, policy))
          .isEqualTo(new Scheduled(Scheduled.Outcome.UNCHANGED, next, JobState.PENDING));
    }
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
    NewJob other = recurring(new Due.ByRule(nowMs() + 5 * MINUTE), times(3), MINUTE);
    assertThat(schedule(other, ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.ID_TAKEN);
    assertThat(schedule(recurring(at(next), HOURLY, MINUTE), ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.ID_TAKEN);
    assertThat(schedule(other, ConflictPolicy.REPLACE).outcome())
        .isEqualTo(Scheduled.Outcome.REPLACED);
    assertThat(runs()).isEqualTo(Runs.NONE);
  }

  @Test
  default void rescheduleMovesTheNextRun() {
    given(at(nowMs() + 60 * MINUTE), HOURLY, 0);
    long moved = await(store().reschedule(shard(), id("r"), in(0))).dueMs();
    pass(SECOND);

    ack(claim(1).token().lease());

    assertThat(read("r").dueMs()).isEqualTo(moved + 60 * MINUTE);
  }

  @Test
  default void cancelEndsTheSeries() {
    given(at(0), HOURLY, 0);
    LeaseRef lease = claim(1).token().lease();
    assertThat(cancel("r", false).outcome()).isEqualTo(Canceled.Outcome.LEASED);
    assertThat(cancel("r", true).outcome()).isEqualTo(Canceled.Outcome.CANCELED);
    assertThat(ack(lease)).isFalse();
    assertThat(exists("r")).isFalse();
  }

  /** Leases of a job that recurs and of jobs a and b that do not, of which b is canceled. */
  private List<LeaseRef> batch() {
    given("a", at(0));
    given(at(0), HOURLY, 0);
    given("b", at(0));
    List<LeaseRef> leases =
        claimUpTo(3).deliveries().stream().map(each -> each.token().lease()).toList();
    cancel("b", true);
    return leases;
  }

  private void allButTheCanceledEnded(List<LeaseRef> leases, List<Boolean> ended) {
    assertThat(ended).isEqualTo(leases.stream().map(lease -> !lease.id().equals(id("b"))).toList());
    assertThat(await(store().leased(shard(), leases))).containsOnly(Optional.empty());
    assertThat(read("r").state()).isEqualTo(JobState.PENDING);
  }

  @Test
  default void eachOfABatchOnItsOwn() {
    List<LeaseRef> leases = batch();
    allButTheCanceledEnded(leases, await(store().ack(shard(), leases)));
    assertThat(exists("a")).isFalse();
  }

  @Test
  default void eachOfABatchDiesOnItsOwn() {
    List<LeaseRef> leases = batch();
    List<Release> releases =
        leases.stream().map(lease -> new Release(lease, new Target.Dead(), true, "x")).toList();
    allButTheCanceledEnded(leases, await(store().release(shard(), releases, false)));
    assertThat(read("a").state()).isEqualTo(JobState.DEAD);
    assertThat(runs().died()).isEqualTo(1);
  }
}
