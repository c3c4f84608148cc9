package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a lease that ends without an Ack leaves its job, and how leases that ran out are found. */
interface ReleaseContract extends ContractFixture {
  @Test
  default void putsAJobBackAsItWas() {
    given("a", at(5));
    LeaseRef lease = claim(1).token().lease();

    assertThat(release(lease, new Target.AsItWas(), false, "")).isTrue();

    JobView view = read("a");
    assertThat(view.state()).isEqualTo(JobState.PENDING);
    assertThat(view.dueMs()).isEqualTo(5);
    assertThat(view.failedAttempts()).isZero();
    Delivery again = claim(1);
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.dueMs()).isEqualTo(5);
  }

  @Test
  default void putsAJobBackAsItWasForItsRetry() {
    given("a", at(5));
    release(claim(1).token().lease(), new Target.DueAgain(at(9)), true, "");

    release(claim(1).token().lease(), new Target.AsItWas(), false, "");

    assertThat(read("a").dueMs()).isEqualTo(9);
    assertThat(read("a").job().dueMs()).isEqualTo(5);
    assertThat(claim(1).dueMs()).isEqualTo(9);
  }

  @Test
  default void countsAFailedAttempt() {
    LeaseRef lease = givenLeased("a");
    long before = nowMs();

    release(lease, new Target.DueAgain(in(MINUTE)), true, "no route");

    JobView view = read("a");
    assertThat(view.state()).isEqualTo(JobState.PENDING);
    assertThat(view.dueMs()).isBetween(before + MINUTE, nowMs() + 1 + MINUTE);
    assertThat(view.failedAttempts()).isEqualTo(1);
    assertThat(view.failures().last()).isEqualTo("no route");
    assertThat(claimUpTo(1).deliveries()).isEmpty();
    pass(2 * MINUTE);
    Delivery again = claim(1);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.failures().last()).isEqualTo("no route");
  }

  @Test
  default void keepsTheLastReason() {
    LeaseRef first = givenLeased("a");
    release(first, new Target.AsItWas(), false, "first: \"é\"");
    assertThat(read("a").failures().last()).isEqualTo("first: \"é\"");
    assertThat(read("a").failedAttempts()).isZero();

    release(claim(1).token().lease(), new Target.AsItWas(), true, "");
    assertThat(read("a").failures().last()).isEqualTo("first: \"é\"");

    release(claim(1).token().lease(), new Target.AsItWas(), true, "second");
    assertThat(read("a").failures().last()).isEqualTo("second");
    assertThat(read("a").failedAttempts()).isEqualTo(2);
  }

  @Test
  default void sendsAJobToTheDead() {
    LeaseRef lease = givenLeased("a");
    long before = nowMs();

    release(lease, new Target.Dead(), true, "poison");

    JobView view = read("a");
    assertThat(view.state()).isEqualTo(JobState.DEAD);
    assertThat(view.stateMs()).isBetween(before, nowMs());
    assertThat(view.failedAttempts()).isEqualTo(1);
    assertThat(view.failures().last()).isEqualTo("poison");
    pass(60 * MINUTE);
    assertThat(claimUpTo(1).deliveries()).isEmpty();
  }

  /** With or without anything to remember of the delivery; its due time is not the first one. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void tellsWhenTheLastDeliveryOfADeadJobWasDue(boolean isCounted) {
    given("a", at(5));
    release(claim(1).token().lease(), new Target.DueAgain(at(9)), false, "");

    release(claim(1).token().lease(), new Target.Dead(), isCounted, "");

    assertThat(read("a").state()).isEqualTo(JobState.DEAD);
    assertThat(read("a").dueMs()).isEqualTo(9);
    assertThat(read("a").job().dueMs()).isEqualTo(5);
    assertThat(schedule(NewJob.of(id("a"), in(0), bytes("x")), ConflictPolicy.KEEP))
        .isEqualTo(new Scheduled(Scheduled.Outcome.UNCHANGED, 9, JobState.DEAD));
  }

  @Test
  default void releasesEachLeaseOnItsOwn() {
    LeaseRef a = givenLeased("a");
    LeaseRef b = givenLeased("b");
    ack(b);

    assertThat(
            await(
                store()
                    .release(
                        shard(),
                        List.of(
                            new Release(a, new Target.Dead(), false, ""),
                            new Release(b, new Target.Dead(), false, ""),
                            new Release(a, new Target.AsItWas(), true, "")),
                        false)))
        .containsExactly(true, false, false);
    assertThat(read("a").state()).isEqualTo(JobState.DEAD);
    assertThat(read("a").failedAttempts()).isZero();
  }

  @Test
  default void endsLeasesThatRanOut() {
    LeaseRef first = givenLeased("first");
    pass(SECOND);
    LeaseRef second = givenLeased("second");
    given("third", at(0));
    long thirdExpiry = claimFor(10 * LEASE_MS).leaseExpiryMs();
    assertThat(await(store().expire(shard(), 10)).leases()).isEmpty();
    pass(LEASE_MS);

    ExpiredLeases one = await(store().expire(shard(), 1));
    ExpiredLeases rest = await(store().expire(shard(), 10));

    assertThat(one.leases()).containsExactly(first);
    assertThat(one.mayHaveMore()).isTrue();
    assertThat(rest.leases()).containsExactly(second);
    assertThat(rest.nextExpiryMs()).isEqualTo(thirdExpiry);
    assertThat(await(store().expire(shard(), 10)).mayHaveMore()).isFalse();
  }

  @Test
  default void tellsThatNoLeaseIsOut() {
    ExpiredLeases none = await(store().expire(shard(), 10));

    assertThat(none.leases()).isEmpty();
    assertThat(none.nextExpiryMs()).isEqualTo(Claim.NONE);
  }

  @Test
  default void endsALeaseThatRanOutOnce() {
    LeaseRef lease = givenLeased("a");
    pass(LEASE_MS + SECOND);

    assertThat(await(store().expire(shard(), 10)).leases()).containsExactly(lease);

    assertThat(release(Release.undelivered(lease), true)).isFalse();
    assertThat(await(store().expire(shard(), 10)).leases()).isEmpty();
    assertThat(read("a").failures().last()).isEqualTo("lease expired");
    assertThat(claim(1).attempt()).isEqualTo(2);
  }

  @Test
  default void doesNotEndALeaseThatWasExtended() {
    LeaseRef lease = givenLeased("a");
    extend(lease, 5 * MINUTE);
    pass(MINUTE);

    assertThat(await(store().expire(shard(), 10)).leases()).isEmpty();
  }

  @Test
  default void givesBackUncountedALeaseThatRanOutAndWasNotEndedYet() {
    LeaseRef lease = givenLeased("a");
    pass(LEASE_MS + SECOND);

    assertThat(release(Release.undelivered(lease), true)).isTrue();

    assertThat(read("a").failedAttempts()).isZero();
  }
}
