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
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Claim leases, to whom, and what it tells. */
interface ClaimContract extends ContractFixture {
  @Test
  default void leasesWhatIsDueAndNothingElse() {
    given("due", in(0));
    given("later", in(MINUTE));
    pass(SECOND);

    Delivery due = claim(1);
    assertThat(due.job().id()).isEqualTo(id("due"));
    ack(due.token().lease());
    pass(MINUTE);
    assertThat(claimedIds(10)).containsExactly("later");
  }

  @Test
  default void leasesTheEarliestFirst() {
    given("b", at(2));
    given("d", at(3));
    given("c", at(2));
    given("a", at(5));
    given("e", at(1));

    assertThat(claimedIds(3)).containsExactly("e", "b", "c");
    assertThat(claimedIds(3)).containsExactly("d", "a");
  }

  @Test
  default void fillsSlotsInOrderEachForItsHolder() {
    IntStream.range(0, 5).forEach(i -> given("job " + i, at(i)));
    Slots slots =
        TestSlots.of(
            List.of(new Slots.Holder(-1, 10, MINUTE), new Slots.Holder(Long.MIN_VALUE, -20, 5_000)),
            List.of(1, 0, 1, 1));

    Claim claim = await(store().claim(shard(), slots));

    assertThat(claim.deliveries())
        .extracting(d -> d.token().lease().leaseId().watcher())
        .containsExactly(-20, 10, -20, -20);
    assertThat(claim.deliveries())
        .extracting(d -> d.token().lease().leaseId().replica())
        .containsExactly(Long.MIN_VALUE, -1L, Long.MIN_VALUE, Long.MIN_VALUE);
    assertThat(claim.deliveries())
        .extracting(d -> d.leaseExpiryMs() - d.dispatchMs())
        .containsExactly(5_000L, MINUTE, 5_000L, 5_000L);
    assertThat(claim.nextDueMs()).isEqualTo(4);
    assertThat(claim.nextExpiryMs()).isEqualTo(claim.nowUs() / 1000 + 5_000);
  }

  @Test
  default void tellsOfEachDelivery() {
    given("a", at(5));

    Claim claim = claimUpTo(1);

    Delivery delivery = claim.deliveries().get(0);
    assertThat(delivery.token().shard()).isEqualTo(shard());
    assertThat(delivery.token().lease().id()).isEqualTo(id("a"));
    assertThat(delivery.dueMs()).isEqualTo(5);
    assertThat(delivery.dispatchMs()).isEqualTo(claim.nowUs() / 1000);
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.failures().last()).isEmpty();
    assertThat(delivery.job().createMs()).isEqualTo(read("a").job().createMs());
    assertThat(read("a").state()).isEqualTo(JobState.LEASED);
    assertThat(read("a").stateMs()).isEqualTo(delivery.leaseExpiryMs());
    assertThat(read("a").dueMs()).isEqualTo(5);
  }

  @Test
  default void tellsTheTimeThatItsRepliesTell() {
    long beforeMs = await(store().claim(shard(), Slots.NONE)).nowUs() / 1_000;
    long nowMs = await(store().nowMs(shard()));
    long afterMs = await(store().claim(shard(), Slots.NONE)).nowUs() / 1_000;
    assertThat(nowMs).isBetween(beforeMs, afterMs);
  }

  @Test
  default void leavesWhatHasNotBeenDueForLongEnoughToOthers() {
    given("early", at(1));
    given("late", new Due.After(0));
    List<Slots.Holder> holder = List.of(new Slots.Holder(7, 8, MINUTE));
    Slots patient = new Slots(holder, List.of(0, 0), 1, 0, 10 * MINUTE);

    Claim claim = await(store().claim(shard(), patient));

    assertThat(claim.deliveries())
        .extracting(job -> job.job().id().value())
        .containsExactly("early");
    assertThat(await(store().claim(shard(), patient)).deliveries()).isEmpty();
    assertThat(claim.nextDueMs()).isNotEqualTo(Claim.NONE);
    pass(10 * MINUTE);
    assertThat(await(store().claim(shard(), patient)).deliveries()).hasSize(1);
  }

  @Test
  default void onlyLooksWithoutSlots() {
    given("a", at(1));
    given("b", at(2));

    Claim claim = await(store().claim(shard(), Slots.NONE));

    assertThat(claim.deliveries()).isEmpty();
    assertThat(claim.nextDueMs()).isEqualTo(1);
    assertThat(claim.nextExpiryMs()).isEqualTo(Claim.NONE);
    assertThat(ids(JobState.PENDING)).containsExactly("a", "b");
  }

  @Test
  default void tellsThatNothingIsPendingOrLeased() {
    Claim claim = claimUpTo(1);

    assertThat(claim.nextDueMs()).isEqualTo(Claim.NONE);
    assertThat(claim.nextExpiryMs()).isEqualTo(Claim.NONE);
    assertThat(claim.dropped()).isZero();
  }

  @Test
  default void givesFencesThatOnlyGrow() {
    List<Long> fences = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 5).forEach(i -> given("job " + i, at(i)));
      for (Delivery delivery : claimUpTo(5).deliveries()) {
        fences.add(delivery.token().lease().leaseId().fence());
        ack(delivery.token().lease());
      }
    }

    assertThat(fences).hasSize(15).isSorted().doesNotHaveDuplicates();
  }

  @Test
  default void returnsNoMoreBytesThanAMessageTakes() {
    byte[] quarter = new byte[256 << 10];
    for (int i = 0; i < 5; i++) {
      schedule(NewJob.of(id("job " + i), at(i), quarter), ConflictPolicy.REJECT);
    }

    Claim claim = claimUpTo(5);

    assertThat(claim.deliveries()).hasSize(3);
    assertThat(claim.nextDueMs()).isEqualTo(3);
    assertThat(claimedIds(5)).containsExactly("job 3", "job 4");
  }

  @Test
  default void alwaysReturnsOneJob() {
    schedule(NewJob.of(id("a"), at(0), new byte[2 << 20]), ConflictPolicy.REJECT);
    schedule(NewJob.of(id("b"), at(1), new byte[1]), ConflictPolicy.REJECT);

    assertThat(claimedIds(2)).containsExactly("a");
    assertThat(claimedIds(2)).containsExactly("b");
  }

  private void givenWithTtl(String id, long ttlMs) {
    schedule(
        new NewJob(id(id), at(nowMs()), bytes("x"), new TreeMap<>(), null, ttlMs),
        ConflictPolicy.REJECT);
  }

  @Test
  default void dropsWhatWasNotDeliveredInTime() {
    givenWithTtl("short", MINUTE);
    givenWithTtl("long", 5 * MINUTE);
    pass(2 * MINUTE);

    Claim claim = claimUpTo(2);

    assertThat(claim.dropped()).isEqualTo(1);
    assertThat(claim.deliveries()).extracting(d -> d.job().id()).containsExactly(id("long"));
    assertThat(exists("short")).isFalse();
  }

  /** What is leased waits no longer, though its ttl would be over first. */
  @Test
  default void tellsWhenALeaseIsOverThatIsLongerThanTheTtlOfItsJob() {
    givenWithTtl("a", 1 + MINUTE / 2);

    Claim claim = claimUpTo(1);

    assertThat(claim.nextExpiryMs()).isEqualTo(claim.deliveries().get(0).leaseExpiryMs());
  }

  @Test
  default void tellsWhetherDeadJobsMayBeThere() {
    assertThat(claimUpTo(1).mayHoldDead()).isFalse();

    givenDead("dead");

    assertThat(claimUpTo(1).mayHoldDead()).isTrue();
  }

  @Test
  default void dropsNothingThatFailedOnce() {
    givenWithTtl("a", MINUTE);
    release(claim(1).token().lease(), new Target.AsItWas(), true, "");
    pass(2 * MINUTE);

    assertThat(claimedIds(1)).containsExactly("a");
  }

  @Test
  default void dropsWhatNoWatcherEverStarted() {
    givenWithTtl("a", MINUTE);
    release(claim(1).token().lease(), new Target.AsItWas(), false, "");
    pass(2 * MINUTE);

    assertThat(claimUpTo(1).dropped()).isEqualTo(1);
    assertThat(exists("a")).isFalse();
  }

  @Test
  default void claimsABatchInOneCall() {
    List<ScheduleItem> items =
        IntStream.range(0, 1_000)
            .mapToObj(i -> NewJob.of(id("job " + i), at(i), bytes("x")))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();
    await(store().schedule(shard(), items));

    List<Delivery> deliveries = claimUpTo(1_000).deliveries();

    assertThat(deliveries).hasSize(1_000);
    assertThat(
            await(store().ack(shard(), deliveries.stream().map(d -> d.token().lease()).toList())))
        .hasSize(1_000)
        .containsOnly(true);
    assertThat(ids(JobState.LEASED)).isEmpty();
  }

  @Test
  default void looksAtOneShardOnly() {
    given("a", at(0));

    Shard other = new Shard(shard().queue(), shard().index() + 1);

    assertThat(await(store().claim(other, ContractFixture.slots(1))).deliveries()).isEmpty();
  }
}
