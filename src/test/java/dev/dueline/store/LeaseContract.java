package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.forged;
import static dev.dueline.store.ContractFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A lease belongs to one delivery: Ack, ExtendLease, and what a lease allows to read. */
interface LeaseContract extends ContractFixture {
  @Test
  default void acksOnce() {
    LeaseRef lease = givenLeased("a");

    assertThat(await(store().ack(shard(), List.of(lease, lease)))).containsExactly(true, false);

    assertThat(exists("a")).isFalse();
    assertThat(ids(JobState.LEASED)).isEmpty();
    assertThat(cancel("a", true).outcome()).isEqualTo(Canceled.Outcome.NOT_FOUND);
  }

  @Test
  default void takesNoLeaseIdButTheOneInForce() {
    LeaseRef lease = givenLeased("a");

    for (LeaseRef wrong : forged(lease)) {
      assertThat(ack(wrong)).isFalse();
      assertThat(release(wrong, new Target.Dead(), true, "")).isFalse();
      assertThat(release(new Release(wrong, new Target.Dead(), true, ""), true)).isFalse();
      assertThat(extend(wrong, 2 * MINUTE)).isZero();
      assertThat(isLeased(wrong)).isFalse();
    }
    assertThat(ack(lease)).isTrue();
  }

  @Test
  default void takesNoLeaseIdOfAnOlderDelivery() {
    LeaseRef first = givenLeased("a");
    release(first, new Target.AsItWas(), true, "");
    assertThat(ack(first)).isFalse();
    LeaseRef second = claim(1).token().lease();

    assertThat(ack(first)).isFalse();
    assertThat(release(first, new Target.Dead(), true, "")).isFalse();
    assertThat(extend(first, 2 * MINUTE)).isZero();
    assertThat(isLeased(first)).isFalse();
    assertThat(ack(second)).isTrue();
  }

  @Test
  default void takesNoLeaseIdOfALeaseThatRanOut() {
    LeaseRef lease = givenLeased("a");
    pass(LEASE_MS + SECOND);

    assertThat(ack(lease)).isFalse();
    assertThat(release(lease, new Target.Dead(), true, "")).isFalse();
    assertThat(extend(lease, LEASE_MS)).isZero();
    assertThat(isLeased(lease)).isFalse();
    assertThat(read("a").state()).isEqualTo(JobState.PENDING);
  }

  @Test
  default void takesTheLeaseIdUntilTheLeaseRunsOut() {
    given("a", at(0));
    LeaseRef lease = claimFor(60 * MINUTE).token().lease();
    pass(58 * MINUTE);

    assertThat(ack(lease)).isTrue();
  }

  @Test
  default void takesNoLeaseIdOfAJobThatIsGone() {
    LeaseRef lease = givenLeased("a");
    cancel("a", true);
    given("a", at(0));

    assertThat(ack(lease)).isFalse();
    assertThat(extend(lease, LEASE_MS)).isZero();
    assertThat(exists("a")).isTrue();
  }

  @Test
  default void extendsALease() {
    LeaseRef lease = givenLeased("a");
    long before = nowMs();

    long expiry = extend(lease, 2 * MINUTE);

    assertThat(expiry).isBetween(before + 2 * MINUTE, nowMs() + 2 * MINUTE);
    assertThat(read("a").stateMs()).isEqualTo(expiry);
    pass(MINUTE);
    assertThat(ack(lease)).isTrue();
  }

  @Test
  default void neverEndsALeaseEarlier() {
    given("a", at(0));
    Delivery delivery = claim(1);

    assertThat(extend(delivery.token().lease(), SECOND)).isEqualTo(delivery.leaseExpiryMs());
    assertThat(extend(delivery.token().lease(), 0)).isEqualTo(delivery.leaseExpiryMs());
  }

  @Test
  default void extendsEachLeaseOnItsOwn() {
    given("a", at(0));
    given("b", at(1));
    List<Delivery> both = claimUpTo(2).deliveries();
    LeaseRef a = both.get(0).token().lease();
    LeaseRef b = both.get(1).token().lease();
    ack(a);

    List<Long> expiries =
        await(store().extend(shard(), List.of(new Extension(a, MINUTE), new Extension(b, 0))));

    assertThat(expiries).containsExactly(0L, both.get(1).leaseExpiryMs());
  }

  @Test
  default void readsWhatARetryPolicyNeeds() {
    RetryPolicy policy = new RetryPolicy(3, 5, 70, 1.5, 0.25);
    NewJob job = new NewJob(id("a"), at(0), new byte[9], new TreeMap<>(), policy, 0);
    schedule(job, ConflictPolicy.REJECT);
    release(claim(1).token().lease(), new Target.AsItWas(), true, "");
    LeaseRef own = claim(1).token().lease();
    LeaseRef standard = givenLeased("b");
    LeaseRef lost = forged(own).get(0);

    assertThat(await(store().leased(shard(), List.of(lost, own, standard))))
        .containsExactly(
            Optional.empty(),
            Optional.of(new LeasedJob(own, 1, policy)),
            Optional.of(new LeasedJob(standard, 0, RetryPolicy.DEFAULT)));
  }
}
