package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.Claim;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds when the store's clock is set forward or back: all is judged by the clock that is. */
interface SteppedClockContract extends ContractFixture {
  long TWO_HOURS = 7_200_000;
  long TEN_YEARS = 315_576_000_000L;

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS, -TWO_HOURS, -TEN_YEARS})
  default void aJobIsDueByTheClockThatIsNow(long step) {
    long due = nowMs() + MINUTE;
    given("a", at(due));
    pass(step);
    Claim claim = claimUpTo(1);
    assertThat(claim.deliveries()).hasSize(step > 0 ? 1 : 0);
    if (step < 0) {
      assertThat(claim.nextMs()).isEqualTo(due);
      pass(-step + MINUTE);
      assertThat(claimedIds(1)).containsExactly("a");
    } else {
      pass(-step);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS})
  default void aLeaseEndsInTimeThoughTheClockIsSetBack(long step) {
    given("a", at(0));
    LeaseRef lease = claim(1).token().lease();
    pass(-step);
    long beforeMs = nowMs();
    Claim look = claimUpTo(0);
    assertThat(look.nextExpiryMs()).isBetween(beforeMs + LEASE_MS, nowMs() + LEASE_MS);
    assertThat(isLeased(lease)).isTrue();
    pass(LEASE_MS);
    assertThat(isLeased(lease)).isFalse();
    assertThat(await(store().expire(shard(), 10)).leases()).hasSize(1);
    pass(step);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS})
  default void aLeaseIsLeftAsItIsWhereTheClockWasNotSetBack(long longer) {
    given("a", at(0));
    LeaseRef lease = claim(1).token().lease();
    long until = await(store().extend(shard(), List.of(new Extension(lease, longer)))).get(0);
    given("b", at(0));
    claim(1);
    assertThat(claimUpTo(0).deliveries()).isEmpty();
    assertThat(extend(lease, 0)).isEqualTo(until);
    pass(-MINUTE);
    long beforeMs = nowMs();
    claimUpTo(0);
    assertThat(extend(lease, 0)).isBetween(beforeMs + longer, nowMs() + longer);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS, -TWO_HOURS, -TEN_YEARS})
  default void fencesGrowAndAnAckHolds(long step) {
    given("a", at(0));
    LeaseRef before = claim(1).token().lease();
    pass(step);
    assertThat(ack(before)).isEqualTo(step < 0);
    given("b", at(0));
    LeaseRef after = claim(1).token().lease();
    assertThat(after.leaseId().fence()).isGreaterThan(before.leaseId().fence());
    assertThat(ack(after)).isTrue();
    pass(-step);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS, -TWO_HOURS, -TEN_YEARS})
  default void aDelayCountsByTheClockThatIsNow(long step) {
    given("early", in(0));
    pass(step);
    given("a", in(60 * MINUTE));
    pass(58 * MINUTE);
    assertThat(claimedIds(5)).doesNotContain("a");
    pass(2 * MINUTE + 1);
    assertThat(claimedIds(5)).contains("a");
    pass(-step);
  }
}
