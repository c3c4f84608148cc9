package dev.dueline.store;

import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobState;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Canceled.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdicts of Cancel. */
interface CancelContract extends ContractFixture {
  Canceled GONE = new Canceled(Outcome.CANCELED, null);

  @Test
  default void cancelsAPendingJobForGood() {
    given("a", in(0));

    assertThat(cancel("a", false)).isEqualTo(GONE);

    assertThat(exists("a")).isFalse();
    assertThat(claimUpTo(1).deliveries()).isEmpty();
    assertThat(cancel("a", false).outcome()).isEqualTo(Outcome.NOT_FOUND);
  }

  @Test
  default void cancelsADeadJob() {
    givenDead("a");

    assertThat(cancel("a", false)).isEqualTo(GONE);

    assertThat(exists("a")).isFalse();
    assertThat(ids(JobState.DEAD)).isEmpty();
  }

  @Test
  default void leavesALeasedJobAlone() {
    LeaseRef lease = givenLeased("a");

    assertThat(cancel("a", false)).isEqualTo(new Canceled(Outcome.LEASED, null));

    assertThat(ack(lease)).isTrue();
  }

  @Test
  default void takesALeasedJobFromItsWatcherWhenAsked() {
    LeaseRef lease = givenLeased("a");

    assertThat(cancel("a", true)).isEqualTo(new Canceled(Outcome.CANCELED, lease.leaseId()));

    assertThat(ack(lease)).isFalse();
    assertThat(extend(lease, LEASE_MS)).isZero();
    assertThat(exists("a")).isFalse();
    assertThat(ids(JobState.LEASED)).isEmpty();
  }

  @Test
  default void cancelsAJobWhoseLeaseRanOut() {
    givenLeased("a");
    pass(LEASE_MS + SECOND);

    assertThat(cancel("a", false)).isEqualTo(new Canceled(Outcome.CANCELED, null));

    assertThat(exists("a")).isFalse();
    assertThat(await(store().expire(shard(), 10)).leases()).isEmpty();
  }

  @Test
  default void forgetsTheFailuresOfACanceledJob() {
    givenDead("a");
    cancel("a", false);

    given("a", in(0));

    assertThat(read("a").failedAttempts()).isZero();
    assertThat(read("a").failures().last()).isEmpty();
  }

  @Test
  default void answersForEachItemInOrder() {
    given("pending", in(MINUTE));
    LeaseRef leased = givenLeased("leased");

    assertThat(
            await(
                store()
                    .cancel(
                        shard(),
                        List.of(
                            new CancelItem(id("none"), true),
                            new CancelItem(id("leased"), false),
                            new CancelItem(id("pending"), false),
                            new CancelItem(id("pending"), false),
                            new CancelItem(id("leased"), true)))))
        .containsExactly(
            new Canceled(Outcome.NOT_FOUND, null),
            new Canceled(Outcome.LEASED, null),
            GONE,
            new Canceled(Outcome.NOT_FOUND, null),
            new Canceled(Outcome.CANCELED, leased.leaseId()));
  }
}
