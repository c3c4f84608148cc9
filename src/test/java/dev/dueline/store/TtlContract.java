package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.queue.QueueStore.Spread;
import dev.dueline.store.queue.ShardStats;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that nobody had within its ttl is gone for every call, though nobody has dropped it. */
interface TtlContract extends ContractFixture {
  RetryPolicy ONE_ATTEMPT = new RetryPolicy(1, 1, 1, 1, 0);

  /** How a dead job comes to wait again. */
  enum Again {
    REDRIVE,
    RESCHEDULE,
    REPLACE
  }

  private static NewJob job(String id, Due due, @Nullable RetryPolicy policy, long ttlMs) {
    return new NewJob(id(id), due, new byte[0], new TreeMap<>(), policy, ttlMs, null, null);
  }

  /** Stores a job that waits at most a minute, and lets that pass. */
  private void givenPastTtl(String id) {
    schedule(job(id, in(0), null, MINUTE), ConflictPolicy.REJECT);
    pass(MINUTE + SECOND);
  }

  private ShardStats stats() {
    return await(operations().stats(shard()));
  }

  private Scheduled schedule(String id, ConflictPolicy policy) {
    return schedule(job(id, in(5 * MINUTE), null, 0), policy);
  }

  @Test
  default void aJobPastItsTtlIsGoneWhenItIsNamed() {
    givenPastTtl("read");
    givenPastTtl("canceled");
    givenPastTtl("moved");
    givenPastTtl("stored");

    assertThat(exists("read")).isFalse();
    assertThat(cancel("canceled", true).outcome()).isEqualTo(Canceled.Outcome.NOT_FOUND);
    assertThat(await(store().reschedule(shard(), id("moved"), in(0))).outcome())
        .isEqualTo(Rescheduled.Outcome.NOT_FOUND);
    assertThat(schedule("stored", ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
    assertThat(stats().totals().expired()).isEqualTo(4);
    assertThat(stats().totals().canceled()).isZero();
  }

  @Test
  default void aJobPastItsTtlIsNeitherCountedNorListed() {
    givenPastTtl("counted");
    assertThat(stats().pending()).isZero();
    assertThat(stats().due()).isZero();
    givenPastTtl("listed");
    assertThat(ids(JobState.PENDING)).isEmpty();
    assertThat(stats().totals().expired()).isEqualTo(2);
  }

  @Test
  default void aJobPastItsTtlLeavesRoom() {
    await(
        operations()
            .limit(
                shard(),
                QueueLimits.Change.to(new QueueLimits(0, 0, 1)),
                new QueueLimits(0, 0, 1)));
    givenPastTtl("a");

    assertThat(schedule("b", ConflictPolicy.REJECT).outcome()).isEqualTo(Scheduled.Outcome.CREATED);
  }

  @Test
  default void aPausedQueueDropsJobsPastTheirTtl() {
    await(operations().pause(shard(), true));
    givenPastTtl("a");

    assertThat(await(store().expire(shard(), 10)).dropped()).isEqualTo(1);
    assertThat(stats().totals().expired()).isEqualTo(1);
  }

  @Test
  default void expireTellsWhenTheNextTtlIsOver() {
    schedule(job("a", at(nowMs() + MINUTE), null, MINUTE), ConflictPolicy.REJECT);
    long due = read("a").dueMs();

    assertThat(await(store().expire(shard(), 10)).nextExpiryMs()).isEqualTo(due + MINUTE + 1);
  }

  @Test
  default void aTtlCountsFromTheDueTimeInForce() {
    schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REJECT);
    await(store().reschedule(shard(), id("a"), in(10 * MINUTE)));
    pass(10 * MINUTE);
    assertThat(exists("a")).isTrue();

    pass(2 * MINUTE);

    assertThat(exists("a")).isFalse();
  }

  @Test
  default void aTtlCountsForAJobThatWasGivenBackUncounted() {
    schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REJECT);
    pass(SECOND);
    LeaseRef lease = claim(1).token().lease();
    release(Release.undelivered(lease), false);

    pass(2 * MINUTE);

    assertThat(stats().pending()).isZero();
  }

  @Test
  default void aTtlDoesNotCountOnceAJobWasDelivered() {
    schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REJECT);
    pass(SECOND);
    claim(1);

    pass(2 * MINUTE);

    assertThat(read("a").failedAttempts()).isEqualTo(1);
    assertThat(stats().pending()).isEqualTo(1);
  }

  @Test
  default void aRedrivenJobWaitsForItsTtlAnew() {
    schedule(job("a", in(0), ONE_ATTEMPT, MINUTE), ConflictPolicy.REJECT);
    pass(SECOND);
    claim(1);
    pass(2 * MINUTE);
    await(operations().redrive(shard(), 1, new Spread(0, 0)));
    assertThat(exists("a")).isTrue();

    pass(2 * MINUTE);

    assertThat(exists("a")).isFalse();
  }

  /** Nobody asks for it. */
  @ParameterizedTest
  @EnumSource(Again.class)
  default void expireDropsADeadJobThatWasToWaitAgain(Again again) {
    schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REJECT);
    pass(SECOND);
    release(claim(1).token().lease(), new Release.Target.Dead(), true, "broken");
    switch (again) {
      case REDRIVE -> await(operations().redrive(shard(), 1, new Spread(0, 0)));
      case RESCHEDULE -> await(store().reschedule(shard(), id("a"), in(0)));
      case REPLACE -> schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REPLACE);
    }

    pass(MINUTE + SECOND);

    assertThat(await(store().expire(shard(), 10)).dropped()).isEqualTo(1);
  }

  @Test
  default void aPurgedJobHasNoTtlLeft() {
    schedule(job("a", in(0), null, MINUTE), ConflictPolicy.REJECT);
    await(operations().purge(shard(), JobState.PENDING, 10));

    assertThat(await(store().expire(shard(), 10)).nextExpiryMs()).isEqualTo(Claim.NONE);
  }

  @Test
  default void whatOneCallStoresIsOverForTheNext() {
    NewJob late = job("a", at(0), null, MINUTE);
    List<Scheduled> stored =
        await(
            store()
                .schedule(
                    shard(),
                    List.of(
                        new ScheduleItem(late, ConflictPolicy.REJECT),
                        new ScheduleItem(late, ConflictPolicy.REJECT))));

    assertThat(stored)
        .extracting(Scheduled::outcome)
        .containsExactly(Scheduled.Outcome.CREATED, Scheduled.Outcome.UNCHANGED);
    assertThat(exists("a")).isFalse();
  }
}
