package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replica watches no more shards than it may, and gives each place back once. */
class WatchedShardsBoundTest {
  private static final int MOST = 40;
  private static final int SHARDS = 2;
  private static final long ME = 1;
  private static final long YOU = 2;

  private final Simulation simulation = new Simulation(9, SHARDS);
  private final Replica replica = simulation.replica(new WatchLimits(2 * MOST, MOST));

  /** How a watch ends. */
  enum End {
    DISCONNECTED,
    STOPPED,
    LEFT
  }

  @Test
  void aWatchOfTooManyIsRefusedBeforeItsQueuesAreAsked() {
    watch(ME, 0, MOST / SHARDS);
    assertThat(simulation.network().listeners()).isEqualTo(MOST);
    int claims = simulation.network().calls("claim");
    assertThat(watch(ME, 100, 1).refusal().orElseThrow())
        .isInstanceOf(TooManyShardsException.class);
    assertThat(simulation.network().calls("claim")).isEqualTo(claims);
    // What is watched already takes no place.
    assertThat(watch(ME, 5, 1).refusal()).isEmpty();
    assertThat(watch(YOU, 100, 10).refusal()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void itGivesItsPlacesBackHoweverItEnds(End end) {
    for (int i = 0; i < 5; i++) {
      SimulatedWatcher watcher = watch(ME, i * 100, MOST / SHARDS);
      assertThat(watcher.refusal()).isEmpty();
      switch (end) {
        case DISCONNECTED -> watcher.watch().disconnected();
        case STOPPED ->
            replica
                .watchers()
                .stop(watcher.watch().token(), Duration.ofSeconds(1))
                .subscribe()
                .with(stopped -> {});
        case LEFT -> watcher.watch().leave(Duration.ofSeconds(1));
      }
      // The stream's end tells it once more.
      watcher.watch().disconnected();
      simulation.passMs(5);
    }
    simulation.passMs(20_000);
    assertThat(simulation.network().listeners()).isZero();
  }

  @Test
  void aWatchThatIsGoneBeforeItBeginsGivesItsPlacesBack() {
    for (int i = 0; i < 5; i++) {
      int from = i * 100;
      replica
          .watchers()
          .watch(spec(ME, from, MOST / SHARDS), new SimulatedWatcher())
          .subscribe()
          .with(watch -> watch.disconnected());
      simulation.passMs(5);
    }
    assertThat(watch(ME, 900, MOST / SHARDS).refusal()).isEmpty();
    simulation.passMs(20_000);
    assertThat(simulation.network().listeners()).isEqualTo(MOST);
  }

  @Test
  void pullsOfEverNewNamesLeaveNoMoreBehindThanMayBe() {
    SimulatedWatcher yours = watch(YOU, 0, 10);
    for (int i = 0; i < 50; i++) {
      assertThat(await(pull(1_000 + i * 10, 10, Duration.ZERO))).isEmpty();
      assertThat(simulation.network().listeners()).isLessThanOrEqualTo(MOST + 10 * SHARDS);
    }
    simulation.scheduleIn("q3", "yours", 0);
    simulation.passMs(5);
    assertThat(yours.ids()).containsExactly("yours");
    simulation.passMs(20_000);
    assertThat(simulation.network().listeners()).isEqualTo(10 * SHARDS);
  }

  @Test
  void whatAPullAskedForOnceDoesNotKeepItFromItsJobs() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 60; i++) {
        simulation.scheduleIn("q" + i, "job-" + round, 0);
        List<Delivery> jobs = await(pull(i, 1, Duration.ZERO));
        assertThat(jobs).extracting(job -> job.job().id().value()).containsExactly("job-" + round);
      }
    }
  }

  @Test
  void pullsThatWaitHoldTheirQueues() {
    Uni<List<Delivery>> waiting = pull(0, MOST / SHARDS, Duration.ofSeconds(60));
    Cancellable first = waiting.subscribe().with(jobs -> {});
    simulation.passMs(5);
    List<Throwable> refusals = new ArrayList<>();
    pull(500, 1, Duration.ofSeconds(60)).subscribe().with(jobs -> {}, refusals::add);
    pull(500, 1, Duration.ZERO).subscribe().with(jobs -> {}, refusals::add);
    simulation.passMs(5);
    assertThat(refusals).hasSize(2).hasOnlyElementsOfType(TooManyShardsException.class);
    first.cancel();
    simulation.passMs(5);
    assertThat(await(pull(500, 1, Duration.ZERO))).isEmpty();
    assertThat(watch(ME, 600, MOST / SHARDS).refusal()).isEmpty();
  }

  private SimulatedWatcher watch(long owner, int from, int queues) {
    return simulation.watch(replica, spec(owner, from, queues));
  }

  private Uni<List<Delivery>> pull(int from, int queues, Duration wait) {
    return replica.watchers().pull(ME, names(from, queues), 1, 60_000, wait);
  }

  private List<Delivery> await(Uni<List<Delivery>> pull) {
    return simulation.await(pull, Duration.ofMillis(50));
  }

  private static WatchSpec spec(long owner, int from, int queues) {
    return new WatchSpec("w", owner, names(from, queues), 10, 30_000, false, false, false);
  }

  private static List<QueueName> names(int from, int queues) {
    return IntStream.range(from, from + queues).mapToObj(i -> new QueueName("q" + i)).toList();
  }
}
