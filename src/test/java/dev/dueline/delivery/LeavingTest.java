package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.DrainingException;
import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of jobs when a watcher, or the replica, goes away. */
class LeavingTest {
  private final Simulation simulation = new Simulation(4, 1);
  private final Replica replica = simulation.replica();

  @Test
  void keptLeasesRunOnAndCanBeAcknowledged() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher gone = simulation.watch(replica, Simulation.spec(10, "q"));
    gone.watch().disconnected();
    SimulatedWatcher next = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.passMs(10_000);
    assertThat(next.received()).isEmpty();
    assertThat(acked(gone)).containsExactly(true);
  }

  @Test
  void keptLeasesThatRunOutAreDeliveredAgainAtOnce() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher gone = simulation.watch(replica, Simulation.spec(10, "q"));
    gone.watch().disconnected();
    SimulatedWatcher next = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.passMs(30_010);
    assertThat(next.ids()).containsExactly("a");
    assertThat(next.received().get(0).attempt()).isEqualTo(2);
    assertThat(acked(gone)).containsExactly(false);
  }

  @Test
  void releasedLeasesGoToTheNextWatcherAtOnceAndCount() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher gone = simulation.watch(replica, releasing(10));
    SimulatedWatcher next = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    gone.watch().disconnected();
    simulation.passMs(5);
    assertThat(next.ids()).containsExactly("a");
    assertThat(next.received().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void whatWasNeverWrittenGoesBackUncounted() {
    SimulatedWatcher gone = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 0);
    simulation.at(Duration.ofNanos(120_000), gone::stopReading);
    simulation.passMs(5);
    assertThat(gone.received()).isEmpty();
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.LEASED);
    gone.watch().disconnected();
    SimulatedWatcher next = simulation.watch(replica, Simulation.spec(10, "q"));
    assertThat(next.ids()).containsExactly("a");
    assertThat(next.received().get(0).attempt()).isEqualTo(1);
  }

  /** Its leases would be extended for as long as its stream is open. */
  @Test
  void whatAWatcherDoesNotReadGoesToAnotherUncounted() {
    WatchSpec extending =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, true, false, false);
    SimulatedWatcher deaf = simulation.watch(replica, extending);
    simulation.scheduleIn("q", "a", 0);
    simulation.at(Duration.ofNanos(120_000), deaf::stopReading);
    simulation.passMs(5);
    SimulatedWatcher other = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.passMs(900);
    assertThat(other.ids()).isEmpty();
    simulation.passMs(150);
    assertThat(other.ids()).containsExactly("a");
    assertThat(other.received().get(0).attempt()).isEqualTo(1);
    deaf.readAgain();
    simulation.passMs(100);
    assertThat(deaf.received()).isEmpty();
  }

  @Test
  void aDrainLetsNothingOutAndWaitsForAcks() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    List<String> over = new ArrayList<>();
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> over.add("drained"));
    simulation.scheduleIn("q", "b", 0);
    simulation.passMs(3_000);
    assertThat(watcher.isDraining()).isTrue();
    assertThat(watcher.drainTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(over).isEmpty();
    assertThat(acked(watcher)).containsExactly(true);
    assertThat(over).containsExactly("drained");
    assertThat(watcher.isEnded()).isTrue();
    Uni<Watch> tooLate = replica.watchers().watch(Simulation.spec(1, "q"), new SimulatedWatcher());
    assertThatThrownBy(() -> simulation.await(tooLate, Duration.ofMillis(5)))
        .hasCauseInstanceOf(DrainingException.class);
  }

  @Test
  void aDrainAsksWhatBecameOfLeasesOfWhichTheNewsWasLost() {
    simulation.scheduleIn("q", "a", 0);
    simulation.scheduleIn("q", "b", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    Leases elsewhere = simulation.replica().leases();
    simulation.network().losesNews(() -> true);
    List<LeaseToken> tokens = watcher.tokens();
    assertThat(simulation.await(elsewhere.ack(tokens.subList(0, 1)), Duration.ofMillis(5)))
        .containsExactly(true);
    List<String> over = new ArrayList<>();
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> over.add("drained"));
    simulation.passMs(100);
    assertThat(over).isEmpty();
    assertThat(simulation.await(elsewhere.ack(tokens.subList(1, 2)), Duration.ofMillis(5)))
        .containsExactly(true);
    simulation.passMs(1_000);
    assertThat(over).containsExactly("drained");
  }

  @Test
  void aDrainGivesBackWhatAClaimUnderWayBringsAndIsOverThen() {
    simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 0);
    simulation.pass(Duration.ofNanos(120_000));
    List<String> over = new ArrayList<>();
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> over.add("drained"));
    simulation.passMs(2);
    assertThat(over).containsExactly("drained");
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.PENDING);
    assertThat(simulation.job("q", "a").orElseThrow().failedAttempts()).isZero();
  }

  @Test
  void aDrainAnswersAPullWhateverIsDue() {
    List<List<Delivery>> answers = new ArrayList<>();
    replica
        .watchers()
        .pull(0, List.of(new QueueName("q")), 1, 30_000, Duration.ofSeconds(5))
        .subscribe()
        .with(answers::add);
    simulation.passMs(10);
    simulation.scheduleIn("q", "a", 0);
    simulation.scheduleIn("q", "b", 0);
    simulation.pass(Duration.ofNanos(120_000));
    List<String> over = new ArrayList<>();
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> over.add("drained"));
    simulation.passMs(5);
    assertThat(over).containsExactly("drained");
    assertThat(answers).containsExactly(List.of());
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.PENDING);
  }

  @Test
  void aDrainIsBounded() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    List<String> over = new ArrayList<>();
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> over.add("drained"));
    simulation.passMs(9_990);
    assertThat(over).isEmpty();
    simulation.passMs(20);
    assertThat(over).containsExactly("drained");
    assertThat(watcher.isEnded()).isTrue();
  }

  @Test
  void aReplicaThatIsGoneNamesNoShardThatFailsWhateverBecomesOfItsLastClaim() {
    simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.network().latency(() -> Duration.ofMillis(50));
    simulation.scheduleIn("q", "a", 0);
    simulation.passMs(60);
    simulation.network().storeIsAway(true);
    replica.watchers().drain(Duration.ZERO).subscribe().with(done -> {});
    simulation.passMs(1_000);
    assertThat(simulation.failing()).isZero();
  }

  @Test
  void autoExtendedLeasesLastAsLongAsTheStream() {
    simulation.scheduleIn("q", "a", 0);
    WatchSpec spec =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, true, false, false);
    SimulatedWatcher watcher = simulation.watch(replica, spec);
    simulation.passMs(60_000);
    assertThat(watcher.ids()).containsExactly("a");
    watcher.watch().disconnected();
    SimulatedWatcher next = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.passMs(3_001);
    assertThat(next.ids()).containsExactly("a");
  }

  @Test
  void autoAckedJobsAreDoneBeforeTheyAreWritten() {
    WatchSpec spec =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 1, 3_000, false, true, false);
    SimulatedWatcher watcher = simulation.watch(replica, spec);
    watcher.onDelivery(job -> assertThat(simulation.job("q", job.job().id().value())).isEmpty());
    for (int i = 0; i < 5; i++) {
      simulation.scheduleIn("q", "job" + i, i);
    }
    simulation.passMs(100);
    assertThat(watcher.ids()).containsExactly("job0", "job1", "job2", "job3", "job4");
  }

  @Test
  void aPullTakesWhatIsThereAndWaitsForTheFirst() {
    for (int i = 0; i < 150; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
    }
    assertThat(pull(100, 0, 50)).hasSize(100);
    assertThat(pull(100, 0, 50)).hasSize(50);
    assertThat(pull(100, 0, 50)).isEmpty();
    simulation.scheduleIn("q", "late", 400);
    assertThat(pull(100, 1_000, 402)).hasSize(1);
    assertThat(pull(100, 1_000, 1_001)).isEmpty();
  }

  @Test
  void aPullWhoseCallerHasGoneGivesJobsBack() {
    simulation.scheduleIn("q", "a", 0);
    Cancellable call =
        replica
            .watchers()
            .pull(0, List.of(new QueueName("q")), 10, 30_000, Duration.ofSeconds(5))
            .subscribe()
            .with(jobs -> {});
    simulation.pass(Duration.ofNanos(60_000));
    call.cancel();
    simulation.passMs(50);
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.PENDING);
    assertThat(simulation.job("q", "a").orElseThrow().failedAttempts()).isZero();
  }

  private List<Delivery> pull(int most, long waitMs, long within) {
    Uni<List<Delivery>> call =
        replica
            .watchers()
            .pull(0, List.of(new QueueName("q")), most, 30_000, Duration.ofMillis(waitMs));
    return simulation.await(call, Duration.ofMillis(within));
  }

  private static WatchSpec releasing(int maxOutstanding) {
    return new WatchSpec(
        "w", 0, List.of(new QueueName("q")), maxOutstanding, 30_000, false, false, true);
  }

  private List<Boolean> acked(SimulatedWatcher watcher) {
    return simulation.await(replica.leases().ack(watcher.tokens()), Duration.ofMillis(5));
  }
}
