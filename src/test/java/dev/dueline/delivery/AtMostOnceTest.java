package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.QueueName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job that is done before it is written. */
class AtMostOnceTest {
  private final Simulation simulation = new Simulation(7, 1);
  private final Replica replica = simulation.replica();

  private SimulatedWatcher watchWithAJobOnItsWay() {
    List<QueueName> queues = List.of(new QueueName("q"));
    SimulatedWatcher watcher =
        simulation.watch(replica, new WatchSpec("w", 0, queues, 10, 30_000, false, true, false));
    simulation.passMs(50);
    simulation.network().latency(() -> Duration.ofMillis(10));
    simulation.scheduleIn("q", "a", 0);
    while (simulation.network().calls("ack") == 0) {
      simulation.passMs(1);
    }
    assertThat(watcher.received()).isEmpty();
    return watcher;
  }

  @Test
  void isWrittenOnceTheStoreHasItDone() {
    SimulatedWatcher watcher = watchWithAJobOnItsWay();
    simulation.passMs(50);
    assertThat(watcher.ids()).containsExactly("a");
    assertThat(simulation.job("q", "a")).isEmpty();
  }

  @Test
  void isNotWrittenToAWatcherThatWentMeanwhile() {
    SimulatedWatcher watcher = watchWithAJobOnItsWay();
    watcher.watch().disconnected();
    simulation.passMs(50);
    assertThat(watcher.received()).isEmpty();
    assertThat(simulation.job("q", "a")).isEmpty();
  }
}
