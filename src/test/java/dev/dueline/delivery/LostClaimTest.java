package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A claim or a release whose call failed may have been made: no job waits a lease for that. */
class LostClaimTest {
  private final Simulation simulation = new Simulation(5, 1);
  private final Replica replica = simulation.replica();

  /** What a claim may have ended with after it leased jobs. */
  static Stream<Throwable> losses() {
    return Stream.of(
        new StoreUnavailableException("reply lost", null),
        StoreDataException.ofAll("dueline:{q/0}:ttls", "WRONGTYPE"),
        new StoreReplyException("a reply of Redis cannot be read", null));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void jobsOfAClaimWhoseAnswerWasLostComeAgainPromptlyAndUncounted(Throwable loss) {
    simulation.network().loss(() -> loss);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(100, "q"));
    for (int i = 0; i < 70; i++) {
      simulation.scheduleIn("q", "job" + i, 100);
    }
    simulation.passMs(90);
    simulation.network().losesReply(() -> true);
    simulation.passMs(13);
    assertThat(simulation.job("q", "job0").orElseThrow().state()).isEqualTo(JobState.LEASED);
    simulation.network().losesReply(() -> false);
    simulation.passMs(100);
    assertThat(watcher.ids()).hasSize(70).doesNotHaveDuplicates();
    assertThat(watcher.received()).allMatch(job -> job.attempt() == 1);
    assertThat(watcher.received()).allMatch(job -> job.dispatchMs() >= job.dueMs());
  }

  /** More than the store looks through in one call. */
  @Test
  void manyLostClaimsAreAllUndone() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(2_000, "q"));
    for (int i = 0; i < 180; i++) {
      simulation.scheduleIn("q", "job" + i, 100);
    }
    simulation.passMs(90);
    simulation.network().losesReply(() -> true);
    simulation.passMs(500);
    assertThat(simulation.job("q", "job179").orElseThrow().state()).isEqualTo(JobState.LEASED);
    simulation.network().losesReply(() -> false);
    simulation.passMs(4_000);
    assertThat(watcher.ids()).hasSize(180).doesNotHaveDuplicates();
  }

  @Test
  void aClaimThatIsMadeLateIsUndoneOnceItCanNoLongerBeMade() {
    SimulatedWatcher watcher = aStalledClaim(Duration.ofMillis(500));
    simulation.passMs(600);
    assertThat(simulation.job("q", "b").orElseThrow().state()).isEqualTo(JobState.LEASED);
    simulation.passMs(2_000);
    assertThat(simulation.job("q", "b").orElseThrow().state()).isEqualTo(JobState.PENDING);
    simulation.await(replica.leases().ack(watcher.tokens()), Duration.ofMillis(5));
    assertThat(watcher.ids()).containsExactly("a", "b");
    assertThat(watcher.received().get(1).attempt()).isEqualTo(1);
  }

  @Test
  void aClaimThatIsMadeAfterItsDeadlineLeasesNothing() {
    aStalledClaim(Duration.ofMillis(2_500));
    for (int i = 0; i < 600; i++) {
      simulation.passMs(5);
      assertThat(simulation.job("q", "b").orElseThrow().state()).isEqualTo(JobState.PENDING);
    }
  }

  /** A watcher with credit for one of two jobs, and a claim that failed and is made later. */
  private SimulatedWatcher aStalledClaim(Duration late) {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1, "q"));
    simulation.scheduleIn("q", "a", 100);
    simulation.scheduleIn("q", "b", 101);
    simulation.passMs(90);
    simulation.network().stalls(late);
    simulation.passMs(12);
    simulation.network().stalls(Duration.ZERO);
    simulation.passMs(60);
    assertThat(watcher.ids()).containsExactly("a");
    return watcher;
  }

  @Test
  void jobsGivenBackWhileTheStoreIsAwayGoBackOnceItAnswers() {
    simulation.scheduleIn("q", "a", 0);
    WatchSpec releasing =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 30_000, false, false, true);
    SimulatedWatcher gone = simulation.watch(replica, releasing);
    SimulatedWatcher next = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.network().storeIsAway(true);
    gone.watch().disconnected();
    simulation.passMs(5_000);
    simulation.network().storeIsAway(false);
    simulation.passMs(1_600);
    assertThat(next.ids()).containsExactly("a");
    assertThat(next.received().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void aJobWhoseLeaseIsOverIsNotHandedOver() {
    WatchSpec brief =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 500, false, false, false);
    SimulatedWatcher watcher = simulation.watch(replica, brief);
    simulation.network().latency(() -> Duration.ofMillis(5));
    simulation.scheduleIn("q", "a", 100);
    simulation.passMs(108);
    watcher.stopReading();
    simulation.passMs(20);
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.LEASED);
    simulation.network().storeIsAway(true);
    simulation.passMs(600);
    watcher.readAgain();
    simulation.passMs(20);
    assertThat(watcher.ids()).isEmpty();
    simulation.network().storeIsAway(false);
    simulation.passMs(2_000);
    assertThat(watcher.ids()).contains("a");
  }

  @Test
  void nothingIsGivenBackForEver() {
    simulation.scheduleIn("q", "a", 0);
    WatchSpec releasing =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, false, false, true);
    SimulatedWatcher gone = simulation.watch(replica, releasing);
    simulation.network().storeIsAway(true);
    gone.watch().disconnected();
    simulation.passMs(4_000);
    int calls = simulation.network().calls("release");
    simulation.passMs(60_000);
    assertThat(calls).isGreaterThan(5);
    assertThat(simulation.network().calls("release")).isEqualTo(calls);
  }

  @Test
  void noJobHasTwoHoldersWhenAnyAnswerMayBeLost() {
    SplittableRandom dice = new SplittableRandom(11);
    List<Delivery> received = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Replica each = simulation.replica();
      SimulatedWatcher watcher = simulation.watch(each, Simulation.spec(20, "q"));
      watcher.onDelivery(received::add);
    }
    simulation.network().losesReply(() -> dice.nextInt(5) == 0);
    for (int i = 0; i < 300; i++) {
      simulation.scheduleIn("q", "job" + i, dice.nextInt(2_000));
    }
    simulation.passMs(2_500);
    simulation.network().losesReply(() -> false);
    for (int i = 0; i < 200; i++) {
      List<Delivery> now = List.copyOf(received);
      simulation.await(
          replica.leases().ack(now.stream().map(Delivery::token).toList()), Duration.ofMillis(20));
    }
    assertThat(received).hasSize(300).allMatch(job -> job.attempt() == 1);
    assertThat(received).allMatch(job -> job.dispatchMs() >= job.dueMs());
    assertThat(new HashSet<>(received.stream().map(job -> job.job().id()).toList())).hasSize(300);
  }
}
