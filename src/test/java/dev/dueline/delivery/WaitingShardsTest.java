package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Shards that wait for credit have it in turn, and as soon as it can be for them. */
class WaitingShardsTest {
  @Test
  void aSingleCreditGoesFromShardToShard() {
    Simulation simulation = new Simulation(4, 4);
    Replica replica = simulation.replica();
    for (int i = 0; i < 200; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
    }
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1, "q"));
    for (int done = 0; done < 40; done++) {
      ack(simulation, replica, watcher);
    }

    Map<Integer, Long> jobs =
        watcher.received().stream()
            .map(job -> job.token().shard().index())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(jobs).hasSize(4);
    assertThat(jobs.values()).allMatch(count -> count >= 8);
  }

  /** It had none when the earlier queue asked, so that no claim of that one names it. */
  @Test
  void whoWasKeptFromALaterQueueTakesFromItOnceNothingOfTheEarlierIsDue() {
    Simulation simulation = new Simulation(4, 1);
    Replica replica = simulation.replica();
    SimulatedWatcher both = simulation.watch(replica, Simulation.spec(1, "high", "low"));
    simulation.scheduleIn("high", "first", 0);
    simulation.passMs(50);
    assertThat(both.ids()).containsExactly("first");
    SimulatedWatcher high = simulation.watch(replica, Simulation.spec(10, "high"));
    simulation.scheduleIn("low", "later", 0);
    simulation.passMs(50);
    simulation.network().latency(() -> Duration.ofMillis(20));
    simulation.scheduleIn("high", "second", 25);
    simulation.passMs(30);
    simulation.network().latency(() -> Duration.ofMillis(1));
    replica.leases().ack(both.tokens()).subscribe().with(done -> {});
    simulation.passMs(5);
    assertThat(high.received()).isEmpty();
    assertThat(both.ids()).containsExactly("first");

    simulation.passMs(60);

    assertThat(high.ids()).containsExactly("second");
    assertThat(both.ids()).containsExactly("first", "later");
  }

  private static void ack(Simulation simulation, Replica replica, SimulatedWatcher watcher) {
    int last = watcher.tokens().size() - 1;
    replica.leases().ack(List.of(watcher.tokens().get(last))).subscribe().with(done -> {});
    simulation.passMs(5);
  }
}
