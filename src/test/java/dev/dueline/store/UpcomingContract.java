package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.queue.Upcoming;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What comes next in a shard, and what is under way; and requests that are forgotten. */
interface UpcomingContract extends ContractFixture {
  private Upcoming next() {
    return await(operations().next(shard()));
  }

  @Test
  default void nothingComesInAnEmptyShard() {
    assertThat(next())
        .isEqualTo(new Upcoming(0, 0, true, Claim.NONE, Claim.NONE, 0, false, List.of()));
  }

  @Test
  default void theNextDueTimeIsThatOfAJobThatIsNotDueYet() {
    long firstMs = nowMs() + MINUTE;
    given("due", at(0));
    given("later", at(firstMs + MINUTE));
    given("first", at(firstMs));

    assertThat(next())
        .isEqualTo(new Upcoming(0, 1, true, Claim.NONE, firstMs, 0, false, List.of()));
    pass(MINUTE);
    assertThat(next().due()).isEqualTo(2);
    assertThat(next().nextMs()).isEqualTo(firstMs + MINUTE);
  }

  @Test
  default void theEndOfAWaitComesNext() {
    long dueMs = nowMs() + MINUTE;
    NewJob plain = NewJob.of(id("a"), at(dueMs), bytes("x"));
    schedule(
        new NewJob(plain.id(), plain.due(), plain.payload(), new TreeMap<>(), null, MINUTE),
        ConflictPolicy.REJECT);

    assertThat(next().nextMs()).isEqualTo(dueMs);
    pass(MINUTE);
    assertThat(next().nextMs()).isEqualTo(dueMs + MINUTE + 1);
    pass(MINUTE + 1);
    assertThat(next().over()).isEqualTo(1);
    assertThat(next().due()).isZero();
    assertThat(next().nextMs()).isEqualTo(Claim.NONE);
  }

  @Test
  default void leasesThatAreOutAreToldInTheOrderInWhichTheyEnd() {
    LeaseRef first = givenLeased("a");
    pass(LEASE_MS / 2);
    LeaseRef second = givenLeased("b");

    Upcoming before = next();
    assertThat(before.leases()).extracting(Upcoming.Out::lease).containsExactly(first, second);
    assertThat(before.leases().get(0).expiryMs()).isEqualTo(read("a").stateMs());
    assertThat(before.dispatched()).isEqualTo(2);

    pass(LEASE_MS - LEASE_MS / 2);
    assertThat(next().over()).isEqualTo(1);
    assertThat(next().leases()).extracting(Upcoming.Out::lease).containsExactly(second);
  }

  @Test
  default void lookingChangesNothing() {
    given("a", in(2 * LEASE_MS));
    LeaseRef lease = givenLeased("b");
    pass(LEASE_MS);

    assertThat(next()).isEqualTo(next());
    assertThat(release(lease, new Target.Dead(), true, "")).isFalse();
  }

  @Test
  default void aPauseHoldsForAsLongAsSomebodyWants() {
    given("due", at(0));
    await(operations().pause(shard(), true));

    assertThat(next().isOpen()).isFalse();
    assertThat(next().opensMs()).isEqualTo(Claim.NONE);
  }

  @Test
  default void aRateSaysWhenTheNextOneMayGo() {
    given("a", at(0));
    given("b", at(0));
    QueueLimits slow = new QueueLimits(0.1, 0, 0);
    await(
        operations()
            .limit(shard(), new QueueLimits.Change(slow, Set.of(QueueLimits.Part.RATE)), slow));
    long earliestMs = nowMs();
    claimUpTo(1);
    long latestMs = nowMs();

    assertThat(next().isOpen()).isFalse();
    assertThat(next().opensMs()).isBetween(earliestMs + 9 * SECOND, latestMs + 10 * SECOND);
    pass(10 * SECOND);
    assertThat(next().isOpen()).isTrue();
    assertThat(next().opensMs()).isEqualTo(Claim.NONE);
  }

  @Test
  default void aRequestThatWasForgottenIsCarriedOutAgain() {
    ScheduleItem item =
        new ScheduleItem(
            NewJob.of(id("a"), in(MINUTE), bytes("x")),
            ConflictPolicy.REJECT,
            new RequestId("7f9c1a1e-44a7-4ed6-b3d3-3c5d6a2c9b10"),
            Deadline.NEVER);
    await(store().schedule(shard(), List.of(item)));
    cancel("a", false);
    await(operations().forgetRequests());

    assertThat(await(store().schedule(shard(), List.of(item))).get(0).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
  }
}
