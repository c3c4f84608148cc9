package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that only pull, and do not wait, get all that others get. */
class PullAloneTest {
  private static final long LEASE_MS = 1_000;

  private final Simulation simulation = new Simulation(3, 1);
  private final Replica replica = simulation.replica();

  /** Between the pulls the queue is still listened to, or no more. */
  @ParameterizedTest
  @ValueSource(longs = {1_500, 60_000})
  void aJobWhoseLeaseRanOutComesWithTheNextPull(long pauseMs) {
    simulation.scheduleIn("q", "a", 0);
    simulation.passMs(10);
    int attempts = 0;
    for (int i = 0; i < 12; i++) {
      List<Delivery> jobs =
          simulation.await(
              replica.watchers().pull(0, List.of(new QueueName("q")), 1, LEASE_MS, Duration.ZERO),
              Duration.ofMillis(100));
      attempts += jobs.size();
      simulation.passMs(pauseMs);
    }
    assertThat(attempts).isEqualTo(12);
  }

  /** The first shard that is asked has all credit, and nothing for it; nothing was announced. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aJobOfAnyShardComes(int maxJobs) {
    Simulation four = new Simulation(3, 4);
    four.network().losesNews(() -> true);
    Replica replica = four.replica();
    Set<Integer> shards = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String id = "job-" + i;
      four.scheduleIn("q", id, 0);
      List<Delivery> jobs =
          four.await(
              replica
                  .watchers()
                  .pull(0, List.of(new QueueName("q")), maxJobs, 60_000, Duration.ZERO),
              Duration.ofMillis(100));
      assertThat(jobs).extracting(job -> job.job().id().value()).containsExactly(id);
      shards.add(four.shardOf("q", new JobId(id)).index());
    }
    assertThat(shards).hasSize(4);
  }
}
