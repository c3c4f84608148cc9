package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a seed makes of three replicas, seven watchers and two queues: no job is delivered
 * early, no watcher holds more than it takes, and each job is done in the end.
 */
class RandomRunTest {
  private static final int SHARDS = 3;
  private static final int JOBS = 600;
  private static final int MAX_DELAY_MS = 10_000;
  private static final long LEASE_MS = 3_000;

  /** What watchers want, an earlier queue first. */
  private static final List<List<String>> WANTED =
      List.of(List.of("a", "b"), List.of("b"), List.of("b", "a"));

  private final List<Replica> replicas = new ArrayList<>();
  private final List<SimulatedWatcher> watchers = new ArrayList<>();

  /** The leases that a watcher has not acknowledged yet, with their expiry, ms. */
  private final Map<SimulatedWatcher, Map<LeaseToken, Long>> held = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void allIsDeliveredInTimeWithoutFaults(long seed) {
    Simulation simulation = new Simulation(seed, SHARDS);
    run(simulation, new SplittableRandom(seed), step -> {});
    assertThat(simulation.backstopFinds()).isZero();
    assertThat(deliveries().map(job -> job.job().id()).distinct()).hasSize(JOBS);
    assertThat(deliveries()).allMatch(job -> job.attempt() == 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void allIsDeliveredInTheEndWhateverTheNetworkDoes(long seed) {
    Simulation simulation = new Simulation(seed, SHARDS);
    SplittableRandom faults = new SplittableRandom(-seed);
    simulation.network().losesNews(() -> faults.nextInt(10) == 0);
    simulation.network().losesReply(() -> faults.nextInt(50) == 0);
    run(
        simulation,
        new SplittableRandom(seed),
        step -> simulation.network().storeIsAway(faults.nextInt(10) == 0));
    simulation.network().losesNews(() -> false);
    simulation.network().losesReply(() -> false);
    simulation.network().storeIsAway(false);
    simulation.pass(Duration.ofMillis(5 * LEASE_MS));
    assertThat(deliveries().map(job -> job.job().id()).distinct()).hasSize(JOBS);
    for (int i = 0; i < JOBS; i++) {
      assertThat(simulation.job(queueOf(i), "job" + i)).isEmpty();
    }
    assertThat(simulation.failing()).isZero();
  }

  private void run(Simulation simulation, SplittableRandom random, IntConsumer fault) {
    for (int i = 0; i < 3; i++) {
      replicas.add(simulation.replica());
    }
    for (int i = 0; i < 7; i++) {
      connect(simulation, random, replicas.get(i % 3), WANTED.get(i % 3), 2 + 5 * i);
    }
    for (int i = 0; i < JOBS; i++) {
      simulation.scheduleIn(queueOf(i), "job" + i, random.nextInt(MAX_DELAY_MS));
    }
    for (int step = 0; step < 2 * MAX_DELAY_MS / 100; step++) {
      fault.accept(step);
      simulation.passMs(100);
      SimulatedWatcher any = watchers.get(random.nextInt(watchers.size()));
      if (random.nextInt(10) == 0) {
        any.stopReading();
      } else {
        any.readAgain();
      }
    }
    watchers.forEach(SimulatedWatcher::readAgain);
    simulation.passMs(1_000);
  }

  private void connect(
      Simulation simulation,
      SplittableRandom random,
      Replica replica,
      List<String> queues,
      int maxOutstanding) {
    WatchSpec spec =
        new WatchSpec(
            "w",
            0,
            queues.stream().map(QueueName::new).toList(),
            maxOutstanding,
            LEASE_MS,
            false,
            false,
            false);
    SimulatedWatcher watcher = simulation.watch(replica, spec);
    watchers.add(watcher);
    Map<LeaseToken, Long> out = new HashMap<>();
    held.put(watcher, out);
    watcher.onDelivery(
        job -> {
          assertThat(job.dispatchMs()).isGreaterThanOrEqualTo(job.dueMs());
          out.values().removeIf(expiryMs -> expiryMs <= simulation.nowMs());
          out.put(job.token(), job.leaseExpiryMs());
          assertThat(out).hasSizeLessThanOrEqualTo(maxOutstanding);
          simulation.at(
              Duration.ofMillis(1 + random.nextInt(200)),
              () -> {
                out.remove(job.token());
                Replica any = replicas.get(random.nextInt(replicas.size()));
                any.leases().ack(List.of(job.token())).subscribe().with(done -> {}, lost -> {});
              });
        });
  }

  private static String queueOf(int job) {
    return job % 2 == 0 ? "a" : "b";
  }

  private Stream<Delivery> deliveries() {
    return watchers.stream().flatMap(watcher -> watcher.received().stream());
  }
}
