package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.lease.Delivery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica goes by the store's clock that is now, also when that was set forward or back. */
class SteppedClockTest {
  private static final long TWENTY_SECONDS = 20_000;
  private static final long TWO_HOURS = 7_200_000;
  private static final long TEN_YEARS = 315_576_000_000L;

  /** A heartbeat and a look. */
  private static final long NOTICED_MS = 1_100;

  private static final QueueLimits RATE = new QueueLimits(20, 0, 0);

  private final Simulation simulation = new Simulation(1, 1);
  private final Replica replica = simulation.replica();

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS, -TWO_HOURS, -TEN_YEARS})
  void theStepIsNoticedOnceAndByHowMuch(long byMs) {
    simulation.passMs(10_000);
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.passMs(30_000);
    assertThat(simulation.noticedSteps()).hasSize(1);
    assertThat(simulation.noticedSteps().get(0).toMillis()).isBetween(byMs - 10, byMs + 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWENTY_SECONDS, TWO_HOURS, TEN_YEARS})
  void whatIsDueAllAtOnceIsDelivered(long byMs) {
    SimulatedWatcher watcher = acking(10);
    simulation.scheduleIn("q", "a", byMs);
    simulation.scheduleIn("q", "b", byMs + 60_000);
    simulation.passMs(5_000);
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.passMs(NOTICED_MS);
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(simulation.backstopFinds()).isZero();
    simulation.passMs(60_000 - 5_000 - NOTICED_MS + 2);
    assertThat(watcher.ids()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(longs = {TWENTY_SECONDS, TWO_HOURS, TEN_YEARS})
  void whatIsNoLongerDueWaitsAndWhatIsDueDoesNot(long byMs) {
    SimulatedWatcher watcher = acking(10);
    simulation.scheduleIn("q", "a", 1_000);
    simulation.passMs(10);
    simulation.stepClock(Duration.ofMillis(-byMs));
    simulation.passMs(NOTICED_MS);
    simulation.scheduleIn("q", "b", 5_000);
    int claims = simulation.network().calls("claim");
    simulation.passMs(5_002);
    assertThat(watcher.ids()).containsExactly("b");
    assertThat(simulation.network().calls("claim") - claims).isLessThan(15);
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.passMs(NOTICED_MS);
    assertThat(watcher.ids()).containsExactly("b", "a");
    assertThat(watcher.received()).allMatch(job -> job.dispatchMs() >= job.dueMs());
  }

  @ParameterizedTest
  @ValueSource(
      longs = {TWENTY_SECONDS, TWO_HOURS, TEN_YEARS, -TWENTY_SECONDS, -TWO_HOURS, -TEN_YEARS})
  void aRateGoesOn(long byMs) {
    simulation
        .operations()
        .limit(simulation.shards("q").get(0), QueueLimits.Change.to(RATE), RATE)
        .await()
        .indefinitely();
    SimulatedWatcher watcher = acking(1_000);
    for (int i = 0; i < 900; i++) {
      simulation.schedule("q", "job" + i, new Due.At(0));
    }
    simulation.passMs(10_000);
    int before = watcher.received().size();
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.passMs(10_000);
    assertThat(watcher.received().stream().skip(before)).hasSizeBetween(195, 205);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS})
  void theJobOfAWorkerThatIsGoneComesAgainThoughTheClockWasSetBack(long byMs) {
    SimulatedWatcher gone = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 0);
    simulation.passMs(10);
    gone.watch().disconnected();
    SimulatedWatcher next = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.stepClock(Duration.ofMillis(-byMs));
    simulation.passMs(30_000 + NOTICED_MS);
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.passMs(NOTICED_MS);
    assertThat(next.received()).hasSize(1).allMatch(job -> job.attempt() == 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {TWO_HOURS, TEN_YEARS, -TWO_HOURS, -TEN_YEARS})
  void aJobWhoseClaimWasLostComesBackAtOnce(long byMs) {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.scheduleIn("q", "a", 100);
    simulation.passMs(95);
    simulation.network().losesReply(() -> true);
    simulation.passMs(10);
    assertThat(simulation.job("q", "a").orElseThrow().state()).isEqualTo(JobState.LEASED);
    simulation.stepClock(Duration.ofMillis(byMs));
    simulation.network().losesReply(() -> false);
    simulation.passMs(3_000);
    boolean isDue = byMs > 0;
    assertThat(simulation.job("q", "a").orElseThrow().state())
        .isEqualTo(isDue ? JobState.LEASED : JobState.PENDING);
    assertThat(watcher.received().stream().map(Delivery::attempt))
        .hasSize(isDue ? 1 : 0)
        .allMatch(attempt -> attempt <= 2);
  }

  private SimulatedWatcher acking(int maxOutstanding) {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(maxOutstanding, "q"));
    watcher.onDelivery(
        job -> replica.leases().ack(List.of(job.token())).subscribe().with(done -> {}, lost -> {}));
    return watcher;
  }
}
