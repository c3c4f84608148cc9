package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.DeadJobs;
import dev.dueline.store.redis.RedisStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry of queues and its index in a cluster: one script writes both. */
final class ClusterRegistryTest {
  @Test
  void queuesAreEnteredAndListedInOrder(@TempDir Path data) throws IOException {
    try (TestCluster cluster = new TestCluster(data);
        TestJobs jobs = new TestJobs(cluster.options(), TestJobs.PATIENT).ready()) {
      QueueDirectory queues =
          new RedisStore(
                  jobs.gateway(),
                  new ShardPlan(2, List.of()),
                  Replication.NONE,
                  new DeadJobs(1_000, Duration.ofDays(1)),
                  Duration.ofMinutes(10),
                  StoreObserver.NONE)
              .queues();
      for (String name : List.of("b", "c", "a")) {
        TestJobs.await(queues.layout(new QueueName(name)));
      }
      assertThat(TestJobs.await(queues.names("", "a", 0, 10)))
          .containsExactly(new QueueName("b"), new QueueName("c"));
    }
  }
}
