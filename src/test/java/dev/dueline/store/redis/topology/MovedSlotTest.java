package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots that move, or are moving, while the gateway has the table of before. */
final class MovedSlotTest {
  @TempDir private static Path data;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new TestCluster(data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static TestJobs jobs(Replication replication) {
    return new TestJobs(
            TestRedis.withoutPeriodicChecks(), cluster.options(), TestJobs.PATIENT, replication)
        .ready();
  }

  @ParameterizedTest
  @ValueSource(strings = {"moved-empty", "moved-with-keys"})
  void learnsTheTableFromCallsThatAreSentOn(String queue) throws IOException {
    Shard shard = TestJobs.shards(queue).get(0);
    int source = cluster.home(shard);
    int target = (source + 1) % 3;
    try (TestJobs jobs = jobs(Replication.NONE)) {
      AtomicInteger learnt = new AtomicInteger();
      jobs.gateway().onMoved(learnt::incrementAndGet);
      assertThat(jobs.claimedIds(shard)).isEmpty();
      boolean hasKeys = queue.endsWith("keys");
      if (hasKeys) {
        jobs.given(shard, "before");
      }
      cluster.beginMove(shard, source, target);
      cluster.finishMove(shard, source, target);
      long before = cluster.errors(source, "MOVED");

      jobs.given(shard, "after");
      assertThat(cluster.errors(source, "MOVED")).isGreaterThan(before);

      awaitLearnt(jobs, shard, learnt);
      long sentOn = cluster.errors(source, "MOVED");
      assertThat(jobs.claimedIds(shard))
          .containsExactlyElementsOf(hasKeys ? List.of("after", "before") : List.of("after"));
      for (int i = 0; i < 20; i++) {
        jobs.given(shard, "later " + i);
      }
      assertThat(cluster.errors(source, "MOVED")).isEqualTo(sentOn);
    }
  }

  /** Nodes are not asked again at once, so that it may take more than one call. */
  private static void awaitLearnt(TestJobs jobs, Shard shard, AtomicInteger learnt) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              assertThat(TestJobs.await(jobs.claim(shard, 0))).isEmpty();
              return learnt.get() > 0;
            });
  }

  @Test
  void asksTheImportingNodeForWhatHasGoneThere() throws IOException {
    Shard shard = TestJobs.shards("asked").get(1);
    int source = cluster.home(shard);
    int target = (source + 1) % 3;
    try (TestJobs jobs = jobs(Replication.NONE)) {
      jobs.givenAllKeys(shard);
      cluster.node(target).call("SCRIPT", "FLUSH");
      cluster.beginMove(shard, source, target);
      cluster.migrate(cluster.keys(shard, source), source, target);
      long unknown = cluster.errors(target, "NOSCRIPT");

      jobs.given(shard, "new");
      assertThat(cluster.errors(target, "NOSCRIPT")).isEqualTo(unknown + 1);
      assertThat(cluster.errors(source, "ASK")).isPositive();
      jobs.given(shard, "newer");
      assertThat(cluster.errors(target, "NOSCRIPT")).isEqualTo(unknown + 1);
      assertThat(cluster.keys(shard, source)).isEmpty();

      cluster.finishMove(shard, source, target);
      assertThat(jobs.claimedIds(shard)).containsExactlyInAnyOrder("pending", "new", "newer");
    }
  }

  @Test
  void waitsForReplicasOfTheImportingNodeToo() throws IOException {
    Shard shard = TestJobs.shards("replicated").get(2);
    int source = cluster.home(shard);
    int target = (source + 1) % 3;
    try (TestJobs jobs = jobs(Replication.NONE);
        TestJobs replicated = jobs(new Replication(1, Duration.ofMillis(50)))) {
      jobs.givenAllKeys(shard);
      cluster.beginMove(shard, source, target);
      cluster.migrate(cluster.keys(shard, source), source, target);

      assertThatThrownBy(() -> TestJobs.await(replicated.schedule(shard, "unreplicated")))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("only 0 of 1 replicas");
      cluster.finishMove(shard, source, target);
    }
  }

  @Test
  void keepsEverythingWhileHalfOfAShardIsElsewhere() throws IOException {
    Shard shard = TestJobs.shards("halved").get(3);
    int source = cluster.home(shard);
    int target = (source + 1) % 3;
    try (TestJobs jobs = jobs(Replication.NONE)) {
      jobs.givenAllKeys(shard);
      jobs.given(shard, "another");
      cluster.beginMove(shard, source, target);
      List<String> keys = cluster.keys(shard, source);
      cluster.migrate(keys.subList(0, keys.size() / 2), source, target);

      assertThatThrownBy(() -> jobs.claimedIds(shard))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("TRYAGAIN");
      assertThatThrownBy(() -> TestJobs.await(jobs.schedule(shard, "refused")))
          .isInstanceOf(StoreUnavailableException.class);

      cluster.finishMove(shard, source, target);
      assertThat(jobs.claimedIds(shard)).containsExactlyInAnyOrder("pending", "another");
      assertThat(jobs.claimedIds(shard)).isEmpty();
    }
  }
}
