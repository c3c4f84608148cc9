package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.RedisStreamTarget;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What may be damaged is swept soon; what is not, hardly ever. */
class SweeperTest {
  /** Steps of one pass in the model. */
  private static final int PASS = 4;

  private final Simulation simulation = new Simulation(6, 1);

  private int sweeps() {
    return simulation.network().calls("sweep");
  }

  @Test
  void anIdleShardIsSweptAboutOnceAnHourHoweverManyReplicasWatchIt() {
    for (int i = 0; i < 5; i++) {
      simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    }
    simulation.pass(Duration.ofMinutes(1));
    int before = sweeps();
    assertThat(before).isBetween(PASS, 5 * PASS);
    simulation.pass(Duration.ofHours(10));
    // Passes of an hour and half an hour, and each replica asks after each.
    assertThat(sweeps() - before).isBetween(10 * PASS, 20 * (PASS + 10));
  }

  @Test
  void aStoreThatComesBackIsSweptAtOnce() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.pass(Duration.ofMinutes(1));
    simulation.network().storeIsAway(true);
    simulation.passMs(5_000);
    int before = sweeps();
    simulation.network().storeIsAway(false);
    simulation.passMs(1_200);
    assertThat(sweeps() - before).isEqualTo(PASS);
    simulation.pass(Duration.ofMinutes(10));
    assertThat(sweeps() - before).isEqualTo(PASS);
    assertThat(watcher.isEnded()).isFalse();
  }

  /** They take twelve seconds, a step each 10 ms, and those of the other queue begin meanwhile. */
  @Test
  void shardsOfAStoreThatComesBackGoBeforeThoseThatAreOnlyNew() {
    Simulation wide = new Simulation(6, 300);
    Replica replica = wide.replica();
    wide.watch(replica, Simulation.spec(10, "q"));
    wide.passMs(15_000);
    assertThat(wide.network().calls("sweep")).isBetween(50, 150);
    wide.network().storeIsAway(true);
    wide.passMs(5_000);
    wide.network().storeIsAway(false);
    wide.watch(replica, Simulation.spec(10, "new"));
    wide.passMs(10_500);
    int before = wide.network().calls("sweep");
    wide.passMs(1_000);
    assertThat(wide.network().calls("sweep") - before).isBetween(60, 100);
    wide.passMs(20_000);
    before = wide.network().calls("sweep");
    wide.passMs(10_000);
    assertThat(wide.network().calls("sweep") - before).isBetween(60, 100);
  }

  @Test
  void aPassUnderWayWhenTheStoreWasAwayIsNotEnough() {
    simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    while (sweeps() < 2) {
      simulation.passMs(1);
    }
    simulation.passMs(1);
    int before = sweeps();
    simulation.network().storeIsAway(true);
    simulation.passMs(3_000);
    int failed = sweeps() - before;
    simulation.network().storeIsAway(false);
    simulation.passMs(2_000);
    assertThat(sweeps() - before - failed).isEqualTo(PASS - 2 + PASS);
  }

  /** Its reply says that no pass is due: none was wanted when it was asked for. */
  @Test
  void neitherIsTheLastStepOfAPassThatWasOnItsWayThen() {
    simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    while (sweeps() < PASS - 1) {
      simulation.passMs(1);
    }
    simulation.passMs(20);
    simulation.network().latency(() -> Duration.ofMillis(500));
    while (sweeps() < PASS) {
      simulation.passMs(1);
    }
    simulation.network().latency(() -> Duration.ofNanos(50_000));
    simulation.network().storeIsAway(true);
    simulation.scheduleIn("q", "a", 0);
    simulation.passMs(10);
    assertThat(simulation.failing()).isEqualTo(1);
    simulation.network().storeIsAway(false);
    simulation.passMs(300);
    assertThat(simulation.failing()).isZero();
    assertThat(sweeps()).isEqualTo(PASS);
    simulation.passMs(2_000);
    assertThat(sweeps()).isEqualTo(2 * PASS);
  }

  @Test
  void aShardThatTwoLoopsOfAReplicaAskIsSweptByOne() {
    Replica replica = simulation.feedingReplica();
    simulation.watch(replica, Simulation.spec(10, "q"));
    QueueName queue = new QueueName("q");
    simulation.streams().enter(queue).await().indefinitely();
    for (Shard shard : simulation.shards("q")) {
      RedisStreamTarget target = new RedisStreamTarget("workers", 10);
      simulation.streams().deliver(shard, target).await().indefinitely();
    }
    simulation.passMs(5_000);
    assertThat(simulation.network().calls("feed")).isPositive();
    simulation.pass(Duration.ofMinutes(1));
    assertThat(sweeps()).isEqualTo(PASS);
  }

  @Test
  void nothingIsSweptOnceNobodyWatches() {
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.pass(Duration.ofMinutes(1));
    watcher.watch().disconnected();
    simulation.pass(Duration.ofMinutes(1));
    int before = sweeps();
    simulation.pass(Duration.ofHours(5));
    assertThat(sweeps()).isEqualTo(before);
  }
}
