package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A queue that is paused, or limited: nothing goes out too soon, and nothing is found too late. */
class HeldQueueTest {
  private static final int SHARDS = 4;

  private final Simulation simulation = new Simulation(1, SHARDS);
  private final Replica replica = simulation.replica();
  private final Replica otherReplica = simulation.replica();

  @Test
  void nothingLeavesAPausedQueueAndAllDoesOnceItGoesOn() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(100, "q"));
    pause(true);
    for (int i = 0; i < 20; i++) {
      simulation.scheduleIn("q", "job-" + i, 100L * i);
    }
    simulation.passMs(10_000);
    assertThat(watcher.received()).isEmpty();

    pause(false);
    simulation.passMs(20);
    assertThat(watcher.received()).hasSize(20);
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aPausedQueueIsNotAskedAgainAndAgain() {
    simulation.watch(replica, Simulation.spec(100, "q"));
    pause(true);
    simulation.scheduleIn("q", "job", 0);
    simulation.passMs(100);
    int claims = simulation.network().calls("claim");
    simulation.passMs(10_000);
    // The backstop asks each shard once or twice a second.
    assertThat(simulation.network().calls("claim") - claims).isLessThanOrEqualTo(20 * SHARDS);
  }

  @Test
  void aRateHoldsOverReplicasAndShards() {
    limit(new QueueLimits(40, 0, 0));
    SimulatedWatcher one = simulation.watch(replica, Simulation.spec(10_000, "q"));
    SimulatedWatcher two = simulation.watch(otherReplica, Simulation.spec(10_000, "q"));
    for (int i = 0; i < 2_000; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.pass(Duration.ofSeconds(30));
    List<Long> times =
        Stream.of(one, two)
            .flatMap(watcher -> watcher.received().stream())
            .map(Delivery::dispatchMs)
            .sorted()
            .toList();
    // Each shard may have saved up one delivery, and what its rate gives in a tenth of a second.
    int saved = 2 * SHARDS;
    assertThat(times).hasSizeBetween(30 * 40 - SHARDS, 30 * 40 + saved);
    for (int i = 0; i + 40 + saved < times.size(); i++) {
      assertThat(times.get(i + 40 + saved) - times.get(i)).isGreaterThanOrEqualTo(1_000);
    }
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aRateThatIsLiftedLetsAllGoAtOnce() {
    limit(new QueueLimits(1, 0, 0));
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1_000, "q"));
    for (int i = 0; i < 200; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.passMs(2_000);
    assertThat(watcher.received()).hasSizeLessThanOrEqualTo(2 * SHARDS);
    limit(QueueLimits.NONE);
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(200);
  }

  @Test
  void noMoreLeasesAreOutThanAllowedAndOneThatEndsAnywhereLetsTheNextGo() {
    limit(new QueueLimits(0, 8, 0));
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1_000, "q"));
    for (int i = 0; i < 200; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.passMs(3_000);
    assertThat(watcher.received()).hasSize(8);

    for (int done = 0; done < 100; done++) {
      simulation.await(
          otherReplica.leases().ack(List.of(watcher.tokens().get(done))), Duration.ofMillis(5));
      simulation.passMs(5);
      assertThat(watcher.received()).hasSize(done + 9);
    }
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aLeaseThatRunsOutLetsTheNextGo() {
    limit(new QueueLimits(0, SHARDS, 0));
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1_000, "q"));
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.passMs(29_900);
    assertThat(watcher.received()).hasSize(SHARDS);
    SimulatedWatcher next = simulation.watch(otherReplica, Simulation.spec(1_000, "q"));
    assertThat(next.received()).isEmpty();
    simulation.passMs(200);
    assertThat(next.received()).hasSize(SHARDS);
  }

  @Test
  void watchersOfAllReplicasAreCountedButPullsAreNot() {
    simulation.watch(replica, Simulation.spec(1, "q"));
    simulation.watch(otherReplica, Simulation.spec(1, "q"));
    SimulatedWatcher third = simulation.watch(otherReplica, Simulation.spec(1, "q"));
    otherReplica
        .watchers()
        .pull(0, Simulation.spec(1, "q").queues(), 1, 1_000, Duration.ofSeconds(60))
        .subscribe()
        .with(jobs -> {});
    simulation.passMs(1_000);
    assertThat(watchers()).isEqualTo(3);
    third.watch().disconnected();
    simulation.passMs(1_000);
    assertThat(watchers()).isEqualTo(2);
  }

  private int watchers() {
    return simulation.shards("q").stream()
        .mapToInt(shard -> simulation.operations().stats(shard).await().indefinitely().watchers())
        .sum();
  }

  private void pause(boolean isPaused) {
    for (Shard shard : simulation.shards("q")) {
      simulation.operations().pause(shard, isPaused).await().indefinitely();
    }
  }

  private void limit(QueueLimits whole) {
    for (Shard shard : simulation.shards("q")) {
      QueueLimits share = whole.share(shard.index(), SHARDS);
      simulation
          .operations()
          .limit(shard, QueueLimits.Change.to(whole), share)
          .await()
          .indefinitely();
    }
  }
}
