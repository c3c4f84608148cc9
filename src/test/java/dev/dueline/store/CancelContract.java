package dev.dueline.store;

import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Canceled.Outcome;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdicts of Cancel. */
interface CancelContract extends ContractFixture {
  Canceled GONE = new Canceled(Outcome.CANCELED, null);
  RequestId REQUEST_ID = new RequestId("0b8d1b3e-6f0a-4c3e-9d1f-2a5c7e9b4d60");
  CancelItem REQUEST = new CancelItem(id("a"), false, REQUEST_ID);

  private Canceled cancel(CancelItem item) {
    return await(store().cancel(shard(), List.of(item))).get(0);
  }

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
  default void knowsARequestThatCanceledAndTouchesNoLaterJob() {
    given("a", in(0));
    assertThat(cancel(REQUEST)).isEqualTo(GONE);

    assertThat(cancel(REQUEST)).isEqualTo(GONE);
    given("a", in(0));
    assertThat(cancel(REQUEST)).isEqualTo(GONE);

    assertThat(claimUpTo(1).deliveries()).hasSize(1);
    assertThat(cancel(new CancelItem(id("b"), false, REQUEST_ID)).outcome())
        .isEqualTo(Outcome.NOT_FOUND);
  }

  @Test
  default void tellsOfALeaseThatItTookOnce() {
    LeaseRef lease = givenLeased("a");
    CancelItem item = new CancelItem(id("a"), true, REQUEST_ID);

    assertThat(cancel(item)).isEqualTo(new Canceled(Outcome.CANCELED, lease.leaseId()));

    assertThat(cancel(item)).isEqualTo(GONE);
  }

  @Test
  default void knowsNoRequestThatCanceledNothing() {
    assertThat(cancel(REQUEST).outcome()).isEqualTo(Outcome.NOT_FOUND);
    LeaseRef lease = givenLeased("a");
    assertThat(cancel(REQUEST).outcome()).isEqualTo(Outcome.LEASED);
    ack(lease);
    assertThat(cancel(REQUEST).outcome()).isEqualTo(Outcome.NOT_FOUND);
    given("a", in(MINUTE));
    assertThat(cancel(REQUEST)).isEqualTo(GONE);
  }

  @Test
  default void forgetsARequestAfterTheWindow() {
    given("a", in(0));
    cancel(REQUEST);

    pass(RequestContract.REQUEST_WINDOW - MINUTE);
    assertThat(cancel(REQUEST)).isEqualTo(GONE);
    pass(MINUTE);
    assertThat(cancel(REQUEST).outcome()).isEqualTo(Outcome.NOT_FOUND);
  }

  @Test
  default void knowsARequestOfTheWindowBefore() {
    List.of("a", "b", "c").forEach(id -> given(id, in(0)));
    CancelItem later = new CancelItem(id("b"), false, REQUEST_ID);
    CancelItem last = new CancelItem(id("c"), false, REQUEST_ID);
    cancel(REQUEST);
    pass(RequestContract.REQUEST_WINDOW - MINUTE);
    cancel(later);
    pass(2 * MINUTE);

    assertThat(cancel(last)).isEqualTo(GONE);

    assertThat(cancel(REQUEST).outcome()).isEqualTo(Outcome.NOT_FOUND);
    assertThat(cancel(later)).isEqualTo(GONE);
    assertThat(cancel(last)).isEqualTo(GONE);
  }

  @Test
  default void doesNotTakeTheRequestOfAScheduleForItsOwn() {
    NewJob job = NewJob.of(id("a"), in(0), bytes("x"));
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT, REQUEST_ID, Deadline.NEVER);
    await(store().schedule(shard(), List.of(item)));

    assertThat(cancel(REQUEST)).isEqualTo(GONE);

    assertThat(await(store().schedule(shard(), List.of(item))).get(0).outcome())
        .isEqualTo(Scheduled.Outcome.WAS_CREATED);
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
