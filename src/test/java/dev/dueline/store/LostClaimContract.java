package dev.dueline.store;

import static dev.dueline.store.ContractFixture.LEASE_MS;
import static dev.dueline.store.ContractFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobState;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of claims that run late, or whose answer was lost. */
interface LostClaimContract extends ContractFixture {
  private static Slots slots(int count, long nonce, long deadlineMs) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(7, 8, LEASE_MS));
    return new Slots(holder, Collections.nCopies(count, 0), nonce, deadlineMs, 0);
  }

  private Claim claimWith(int count, long nonce, long deadlineMs) {
    return await(store().claim(shard(), slots(count, nonce, deadlineMs)));
  }

  private List<LeaseRef> claimedBy(Long... nonces) {
    List<LeaseRef> found = new ArrayList<>();
    long next = ClaimedLeases.BEGIN;
    do {
      ClaimedLeases page = await(store().claimed(shard(), List.of(nonces), next));
      found.addAll(page.leases());
      next = page.next();
    } while (next != 0);
    return found;
  }

  private static List<LeaseRef> leases(Claim claim) {
    return claim.deliveries().stream().map(delivery -> delivery.token().lease()).toList();
  }

  @Test
  default void aClaimAfterItsDeadlineOnlyLooks() {
    given("a", at(5));
    long deadlineMs = nowMs() + 1_000;
    pass(2_000);

    Claim late = claimWith(1, 1, deadlineMs);

    assertThat(late.deliveries()).isEmpty();
    assertThat(late.nextDueMs()).isEqualTo(5);
    assertThat(ids(JobState.PENDING)).containsExactly("a");
    assertThat(claimWith(1, 2, nowMs() + 600_000).deliveries()).hasSize(1);
  }

  @Test
  default void aClaimCarriesItsNonceInItsLeaseIds() {
    given("a", at(5));

    assertThat(leases(claimWith(1, Long.MIN_VALUE + 3, 0)))
        .extracting(lease -> lease.leaseId().nonce())
        .containsExactly(Long.MIN_VALUE + 3);
  }

  @Test
  default void findsTheLeasesOfAClaimAndNoOthers() {
    IntStream.range(0, 350).forEach(i -> given("job " + i, at(i)));
    List<LeaseRef> one = leases(claimWith(3, 11, 0));
    claimWith(150, 12, 0);
    List<LeaseRef> other = leases(claimWith(120, -13, 0));
    claimWith(20, 14, 0);
    ack(one.get(1));

    List<LeaseRef> expected = new ArrayList<>(other);
    expected.add(one.get(0));
    expected.add(one.get(2));
    assertThat(claimedBy(11L, -13L, 99L)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(claimedBy(99L)).isEmpty();
  }

  @Test
  default void findsNothingWhereNothingIsLeased() {
    given("a", at(5));

    assertThat(claimedBy(0L)).isEmpty();
  }

  @Test
  default void aJobThatWentBackIsDueAsIfNeverClaimed() {
    given("a", at(5));
    claimWith(1, 11, 0);

    claimedBy(11L).forEach(lease -> release(Release.undelivered(lease), true));

    assertThat(claimedBy(11L)).isEmpty();
    assertThat(claim(1).attempt()).isEqualTo(1);
  }
}
