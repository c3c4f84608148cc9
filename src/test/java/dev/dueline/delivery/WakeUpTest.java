package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.lease.Delivery;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A replica sleeps until exactly the next due time, whatever the network does. */
class WakeUpTest {
  /** Between a claim's reply and the next backstop claim: at least, and at most. */
  private static final long MIN_BACKSTOP_MS = 500;

  private static final long MAX_BACKSTOP_MS = 1_000;

  /** A claim and its reply take less. */
  private static final long ROUND_TRIP_MS = 1;

  private final Simulation simulation = new Simulation(1, 1);

  @Test
  void deliversAtTheDueTimeAndNotBefore() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 5_000);
    simulation.passMs(4_999);
    assertThat(watcher.received()).isEmpty();
    simulation.passMs(2);
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(lateness(watcher.received().get(0))).isBetween(0L, 1L);
  }

  @Test
  void hearsOfAnEarlierJobWhileAClaimIsUnderWay() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "first", 1_000);
    simulation.passMs(990);
    simulation.network().latency(() -> Duration.ofMillis(20));
    simulation.passMs(15);
    // The claim for "first" is on its way; its reply will not know of a job stored after it ran.
    int claims = simulation.network().calls("claim");
    simulation.passMs(20);
    simulation.scheduleIn("q", "second", 30);
    simulation.passMs(120);
    assertThat(simulation.network().calls("claim")).isGreaterThan(claims);
    assertThat(watcher.ids()).containsExactly("first", "second");
    assertThat(lateness(watcher.received().get(1))).isLessThan(60);
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void hearsOfAnEarlierJobBeforeTheReplyOfAClaimThatRanBeforeIt() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "first", 1_000);
    simulation.passMs(990);
    simulation.network().latency(() -> Duration.ofMillis(20));
    simulation.passMs(35);
    // The claim for "first" has run, and its reply is under way for 15 ms more.
    simulation.network().latency(() -> Duration.ofMillis(1));
    simulation.scheduleIn("q", "second", 60);
    simulation.passMs(65);
    assertThat(watcher.ids()).containsExactly("first", "second");
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void findsAJobWhoseAnnouncementWasLostByTheBackstopAndCountsIt() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.network().losesNews(() -> true);
    passUntilBackstop();
    simulation.scheduleIn("q", "a", 1);
    simulation.scheduleIn("q", "b", 20);
    simulation.passMs(MIN_BACKSTOP_MS - 2 * ROUND_TRIP_MS);
    assertThat(watcher.received()).isEmpty();
    simulation.passMs(MAX_BACKSTOP_MS - MIN_BACKSTOP_MS + 4 * ROUND_TRIP_MS);
    assertThat(watcher.ids()).containsExactly("a", "b");
    assertThat(simulation.backstopFinds()).isEqualTo(2);
  }

  @Test
  void theBackstopFindsNothingWhenNoAnnouncementIsLost() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(1_000, "q"));
    for (int i = 0; i < 500; i++) {
      simulation.scheduleIn("q", "job" + i, (i * 7919L) % 4_000);
      simulation.passMs(i % 5);
    }
    simulation.passMs(6_000);
    assertThat(watcher.received()).hasSize(500);
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void twoReplicasDeliverAJobOnce() {
    SimulatedWatcher one = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    SimulatedWatcher other = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 500);
    simulation.passMs(2_000);
    assertThat(one.received().size() + other.received().size()).isEqualTo(1);
  }

  @Test
  void aClaimThatComesEarlySleepsAgainAndDoesNotSpin() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 800);
    simulation.passMs(5);
    // The store's clock falls behind, so the timer fires too early.
    simulation.storeSpeed(0.995);
    int before = simulation.network().calls("claim");
    simulation.passMs(900);
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(lateness(watcher.received().get(0))).isNotNegative();
    assertThat(simulation.network().calls("claim") - before).isLessThan(8);
  }

  @Test
  void anIdleWatcherAsksAboutOnceASecond() {
    simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q", "far" + i, 3_600_000);
    }
    int before = simulation.network().calls("claim");
    simulation.pass(Duration.ofMinutes(1));
    assertThat(simulation.network().calls("claim") - before).isBetween(60, 121);
  }

  @Test
  void goesOnWithinASecondOnceTheStoreIsBack() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 1_000);
    simulation.network().storeIsAway(true);
    simulation.passMs(30_000);
    assertThat(watcher.received()).isEmpty();
    simulation.network().storeIsAway(false);
    simulation.passMs(1_001);
    assertThat(watcher.ids()).containsExactly("a");
  }

  /** Ends when the reply of a backstop claim has just come. */
  private void passUntilBackstop() {
    int claims = simulation.network().calls("claim");
    while (simulation.network().calls("claim") == claims) {
      simulation.passMs(1);
    }
    simulation.passMs(ROUND_TRIP_MS);
  }

  private static long lateness(Delivery delivery) {
    return delivery.dispatchMs() - delivery.dueMs();
  }
}
