package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.queue.QueueStore.Spread;
import dev.dueline.store.queue.ShardStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lease that ran out is over for every call at that moment, though nobody has ended it. */
interface ExpiryContract extends ContractFixture {
  RetryPolicy ONCE = new RetryPolicy(1, 1, 1, 1, 0);

  private static NewJob job(
      String id, Due due, @Nullable RetryPolicy policy, long ttlMs, @Nullable Recurrence recurs) {
    return new NewJob(id(id), due, new byte[0], new TreeMap<>(), policy, ttlMs, recurs, null);
  }

  /** Leases a job with a retry policy, and lets the lease run out. */
  private LeaseRef givenRunOut(String id, @Nullable RetryPolicy policy) {
    schedule(job(id, at(0), policy, 0, null), ConflictPolicy.REJECT);
    LeaseRef lease = claim(1).token().lease();
    pass(LEASE_MS + SECOND);
    return lease;
  }

  /** The same of two jobs, of which one has another attempt. */
  private void givenBothRunOut() {
    schedule(job("again", at(0), null, 0, null), ConflictPolicy.REJECT);
    schedule(job("dead", at(0), ONCE, 0, null), ConflictPolicy.REJECT);
    claim(2);
    pass(LEASE_MS + SECOND);
  }

  private ShardStats stats() {
    return await(operations().stats(shard()));
  }

  private Scheduled schedule(String id, ConflictPolicy policy) {
    return schedule(job(id, in(5 * MINUTE), null, 0, null), policy);
  }

  @Test
  default void whoeverMeetsALeaseThatRanOutItsHolderIsTold() {
    List<LeaseToken> told = new CopyOnWriteArrayList<>();
    store().onRanOut(told::addAll);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("read", () -> read("read"));
    calls.put("counted", this::stats);
    calls.put("listed", () -> ids(JobState.LEASED));
    calls.put("canceled", () -> cancel("canceled", false));
    calls.put("ended", () -> await(store().expire(shard(), 1)));
    calls.put("redriven", () -> await(operations().redrive(shard(), List.of(), new Spread(0, 0))));
    calls.put("moved", () -> await(store().reschedule(shard(), id("moved"), in(60 * MINUTE))));
    calls.put("stored", () -> schedule("stored", ConflictPolicy.REPLACE));
    try {
      calls.forEach(
          (id, call) -> {
            LeaseRef lease = givenRunOut(id, ONCE);
            assertThat(told).isEmpty();
            call.run();
            assertThat(told).as(id).containsExactly(new LeaseToken(shard(), lease));
            told.clear();
          });
    } finally {
      store().onRanOut(leases -> {});
    }
  }

  @Test
  default void aLeaseThatRanOutIsReadAsOver() {
    givenRunOut("a", null);

    JobView view = read("a");

    assertThat(view.state()).isEqualTo(JobState.PENDING);
    assertThat(view.dueMs()).isZero();
    assertThat(view.failedAttempts()).isEqualTo(1);
    assertThat(view.failures().last()).isEqualTo("lease expired");
  }

  @Test
  default void theLastAttemptThatRanOutIsReadAsDead() {
    givenRunOut("a", ONCE);

    assertThat(read("a").state()).isEqualTo(JobState.DEAD);
  }

  @Test
  default void aLeaseThatRanOutIsListedWhereItIsNow() {
    givenBothRunOut();

    assertThat(ids(JobState.LEASED)).isEmpty();
    assertThat(ids(JobState.PENDING)).containsExactly("again");
    assertThat(ids(JobState.DEAD)).containsExactly("dead");
  }

  @Test
  default void aLeaseThatRanOutIsCountedWhereItIsNow() {
    givenBothRunOut();

    ShardStats stats = stats();

    assertThat(stats.leased()).isZero();
    assertThat(stats.pending()).isEqualTo(1);
    assertThat(stats.due()).isEqualTo(1);
    assertThat(stats.dead()).isEqualTo(1);
    assertThat(stats.nextDueMs()).isZero();
    assertThat(stats.totals().died()).isEqualTo(1);
    assertThat(stats.totals().retried()).isEqualTo(1);
  }

  @Test
  default void aLeaseThatRanOutCanBeRescheduled() {
    givenRunOut("a", null);

    Rescheduled moved = await(store().reschedule(shard(), id("a"), in(MINUTE)));

    assertThat(moved.outcome()).isEqualTo(Rescheduled.Outcome.MOVED);
    assertThat(read("a").failedAttempts()).isEqualTo(1);
  }

  @Test
  default void aLeaseThatRanOutCanBeCanceled() {
    givenBothRunOut();

    assertThat(cancel("again", false).outcome()).isEqualTo(Canceled.Outcome.CANCELED);
    assertThat(cancel("dead", false).outcome()).isEqualTo(Canceled.Outcome.CANCELED);
    assertThat(stats().totals().canceled()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  default void aLeaseThatRanOutIsAConflictLikeAJobThatWaits(ConflictPolicy policy) {
    givenRunOut("a", null);

    Scheduled scheduled = schedule("a", policy);

    assertThat(scheduled.outcome())
        .isEqualTo(
            switch (policy) {
              case REJECT -> Scheduled.Outcome.ID_TAKEN;
              case KEEP, REPLACE_IF_EARLIER -> Scheduled.Outcome.UNCHANGED;
              case REPLACE, REPLACE_IF_LATER -> Scheduled.Outcome.REPLACED;
            });
    assertThat(read("a").state()).isEqualTo(JobState.PENDING);
  }

  @Test
  default void aLeaseThatRanOutIsClaimedAtOnce() {
    LeaseRef lease = givenRunOut("a", null);
    assertThat(await(store().expire(shard(), 1)).leases()).containsExactly(lease);

    Delivery again = claim(1);

    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.token().lease()).isNotEqualTo(lease);
  }

  @Test
  default void aLeaseThatRanOutIsNotClaimedAfterItsLastAttempt() {
    givenRunOut("a", ONCE);

    assertThat(claimUpTo(5).deliveries()).isEmpty();
  }

  @Test
  default void aLeaseThatRanOutIsOutNoLonger() {
    await(
        operations()
            .limit(
                shard(),
                QueueLimits.Change.to(new QueueLimits(0, 1, 0)),
                new QueueLimits(0, 1, 0)));
    givenRunOut("dead", ONCE);
    given("b", at(0));

    assertThat(claim(1).job().id()).isEqualTo(id("b"));
  }

  @Test
  default void aLeaseThatRanOutWaitsWithinTheCapacity() {
    await(
        operations()
            .limit(
                shard(),
                QueueLimits.Change.to(new QueueLimits(0, 0, 1)),
                new QueueLimits(0, 0, 1)));
    givenRunOut("a", null);

    assertThat(schedule("b", ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.QUEUE_FULL);
  }

  @Test
  default void aLastAttemptThatRanOutLeavesRoom() {
    await(
        operations()
            .limit(
                shard(),
                QueueLimits.Change.to(new QueueLimits(0, 0, 1)),
                new QueueLimits(0, 0, 1)));
    givenRunOut("dead", ONCE);

    assertThat(schedule("b", ConflictPolicy.REJECT).outcome()).isEqualTo(Scheduled.Outcome.CREATED);
  }

  @Test
  default void purgeAndRedriveReachLeasesThatRanOut() {
    givenBothRunOut();
    assertThat(await(operations().redrive(shard(), 10, new Spread(0, 0)))).isEqualTo(1);
    pass(SECOND);
    claim(2);
    pass(LEASE_MS + SECOND);
    assertThat(await(operations().redrive(shard(), List.of(id("dead")), new Spread(0, 0))))
        .isEqualTo(1);
    pass(SECOND);
    claim(2);
    pass(LEASE_MS + SECOND);

    assertThat(await(operations().purge(shard(), JobState.DEAD, 10)).deleted()).isEqualTo(1);
    assertThat(await(operations().purge(shard(), JobState.PENDING, 10)).deleted()).isEqualTo(1);
  }

  @Test
  default void aRunWhoseLeaseRanOutWasARun() {
    Recurrence hourly = Recurrence.of(new Every(60 * MINUTE));
    long due = nowMs();
    schedule(job("r", at(due), ONCE, 0, hourly), ConflictPolicy.REJECT);
    claim(1);
    pass(LEASE_MS + SECOND);

    assertThat(read("r").state()).isEqualTo(JobState.PENDING);
    assertThat(read("r").dueMs()).isEqualTo(due + 60 * MINUTE);
  }

  @Test
  default void endsNoMoreThanItIsAskedFor() {
    List<JobId> ids = List.of(id("a"), id("b"), id("c"));
    ids.forEach(id -> given(id.value(), at(0)));
    claim(3);
    pass(LEASE_MS + SECOND);

    assertThat(await(store().expire(shard(), 2)).leases()).hasSize(2);
    assertThat(await(store().expire(shard(), 2)).leases()).hasSize(1);
    assertThat(await(store().expire(shard(), 2)).isAny()).isFalse();
  }
}
