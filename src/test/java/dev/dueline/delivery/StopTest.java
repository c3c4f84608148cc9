package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watch is stopped by its client, at the replica that holds it or at another. */
class StopTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Simulation simulation = new Simulation(5, 1);
  private final Replica replica = simulation.replica();
  private final Replica other = simulation.replica();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itGetsNoMoreAndEndsOnceWhatItHasIsSettled(boolean isHere) {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    assertThat(stop(isHere ? replica : other, watcher)).isEqualTo(StopOutcome.STOPPING);
    assertThat(watcher.isStopped()).isTrue();
    simulation.scheduleIn("q", "b", 0);
    simulation.passMs(3_000);
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(watcher.isComplete()).isFalse();
    assertThat(stop(other, watcher)).isEqualTo(StopOutcome.STOPPING);
    assertThat(simulation.await(other.leases().ack(watcher.tokens()), Duration.ofMillis(5)))
        .containsExactly(true);
    assertThat(watcher.isComplete()).isTrue();
    assertThat(watcher.isDraining()).isFalse();
    assertThat(stop(isHere ? replica : other, watcher)).isEqualTo(StopOutcome.OVER);
  }

  @Test
  void jobsThatWereNotWrittenGoToOthersAtOnceAndUncounted() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "unwritten", 0);
    simulation.at(Duration.ofNanos(120_000), watcher::stopReading);
    simulation.passMs(5);
    simulation.scheduleIn("q", "claimed", 0);
    assertThat(simulation.job("q", "unwritten").orElseThrow().state()).isEqualTo(JobState.LEASED);
    stop(other, watcher);
    SimulatedWatcher next = simulation.watch(other, Simulation.spec(10, "q"));
    simulation.passMs(5);
    assertThat(watcher.received()).isEmpty();
    assertThat(watcher.isComplete()).isTrue();
    assertThat(next.ids()).containsExactlyInAnyOrder("unwritten", "claimed");
    assertThat(next.received()).allMatch(job -> job.attempt() == 1);
  }

  @Test
  void aClaimUnderWayIsGivenBackBeforeTheStreamEnds() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 0);
    simulation.pass(Duration.ofNanos(120_000));
    stop(replica, watcher);
    assertThat(watcher.received()).isEmpty();
    assertThat(watcher.isComplete()).isTrue();
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.PENDING);
    assertThat(simulation.job("q", "a").orElseThrow().failedAttempts()).isZero();
  }

  @Test
  void jobsThatAreDoneAlreadyAreStillWritten() {
    WatchSpec once =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, false, true, false);
    SimulatedWatcher watcher = simulation.watch(replica, once);
    watcher.onDelivery(job -> assertThat(watcher.isStopped()).isFalse());
    simulation.scheduleIn("q", "a", 0);
    // The claim has come back, and the ack is out.
    simulation.pass(Duration.ofNanos(175_000));
    stop(replica, watcher);
    simulation.passMs(5);
    assertThat(simulation.job("q", "a")).isEmpty();
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(watcher.isComplete()).isTrue();
  }

  @Test
  void itEndsAfterATimeWhateverIsOut() {
    simulation.scheduleIn("q", "a", 0);
    WatchSpec extending =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, true, false, false);
    SimulatedWatcher watcher = simulation.watch(replica, extending);
    simulation.await(
        other.watchers().stop(watcher.watch().token(), Duration.ofSeconds(20)),
        Duration.ofMillis(5));
    // A repeat can shorten it only.
    stop(other, watcher);
    simulation.passMs(19_900);
    assertThat(watcher.isComplete()).isFalse();
    assertThat(simulation.job("q", "a").orElseThrow().failedAttempts()).isZero();
    simulation.passMs(200);
    assertThat(watcher.isComplete()).isTrue();
  }

  @Test
  void aReplicaThatDoesNotAnswerIsSaidNotTo() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.network().losesNews(() -> true);
    assertThat(
            simulation.await(
                other.watchers().stop(watcher.watch().token(), HOUR), Duration.ofMillis(1_001)))
        .isEqualTo(StopOutcome.UNANSWERED);
  }

  @Test
  void aGuessedTokenStopsNothing() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    WatchToken real = watcher.watch().token();
    WatchToken guess =
        new WatchToken(
            real.replica(), real.watcher(), real.secretHigh(), real.secretLow() + 1, real.owner());
    assertThat(simulation.await(other.watchers().stop(guess, HOUR), Duration.ofMillis(5)))
        .isEqualTo(StopOutcome.OVER);
    assertThat(watcher.isStopped()).isFalse();
  }

  @Test
  void aDrainOfTheServerEndsItAsItsClientWanted() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.await(
        replica.watchers().stop(watcher.watch().token(), Duration.ofSeconds(8)),
        Duration.ofMillis(5));
    replica.watchers().drain(Duration.ofSeconds(10)).subscribe().with(done -> {});
    simulation.passMs(5);
    assertThat(watcher.isDraining()).isTrue();
    assertThat(watcher.drainTimeout()).isBetween(Duration.ofMillis(7_900), Duration.ofSeconds(8));
    simulation.await(other.leases().ack(watcher.tokens()), Duration.ofMillis(5));
    assertThat(watcher.isComplete()).isTrue();
    assertThat(watcher.isEnded()).isFalse();
  }

  private StopOutcome stop(Replica at, SimulatedWatcher watcher) {
    return simulation.await(
        at.watchers().stop(watcher.watch().token(), HOUR), Duration.ofMillis(5));
  }
}
