package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A watcher is told of leases that ended without it. */
class LostLeaseTest {
  private final Simulation simulation = new Simulation(9, 1);
  private final Replica replica = simulation.replica();
  private final Replica other = simulation.replica();

  @Test
  void oneThatRanOutIsToldAtOnce() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.passMs(29_000);
    assertThat(watcher.lost()).isEmpty();
    simulation.passMs(1_010);
    assertThat(watcher.lost()).isEqualTo(Map.of("a", LeaseEnd.EXPIRED));
  }

  @Test
  void oneWhoseJobWasCanceledIsToldWhereverThatWas() {
    simulation.scheduleIn("q", "a", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    cancel("a");
    other.leases().canceled(watcher.tokens());
    simulation.passMs(5);
    assertThat(watcher.lost()).isEqualTo(Map.of("a", LeaseEnd.CANCELED));
  }

  @Test
  void whatTheHolderSettlesIsNoNews() {
    simulation.scheduleIn("q", "a", 0);
    simulation.scheduleIn("q", "b", 0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.await(other.leases().ack(watcher.tokens().subList(0, 1)), Duration.ofMillis(5));
    simulation.await(replica.leases().ack(watcher.tokens().subList(1, 2)), Duration.ofMillis(5));
    simulation.passMs(60_000);
    assertThat(watcher.lost()).isEmpty();
  }

  @Test
  void anExtenderLearnsByItsNextExtensionWhatTheNewsDidNotTell() {
    simulation.scheduleIn("q", "a", 0);
    WatchSpec extending =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 10, 3_000, true, false, false);
    SimulatedWatcher watcher = simulation.watch(replica, extending);
    simulation.passMs(10);
    cancel("a");
    simulation.passMs(1_100);
    assertThat(watcher.lost()).isEqualTo(Map.of("a", LeaseEnd.UNKNOWN));
  }

  private void cancel(String id) {
    Shard shard = simulation.shards("q").get(0);
    simulation
        .store()
        .cancel(shard, List.of(new CancelItem(new JobId(id), true)))
        .await()
        .indefinitely();
  }
}
