package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.Shard;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.failure.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is away takes only its own shards with it. */
final class SilentNodeTest {
  /** Of calls that wait for a node that is stopped. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final Set<Scheduled.Outcome> STORED =
      Set.of(Scheduled.Outcome.CREATED, Scheduled.Outcome.UNCHANGED);

  @TempDir private static Path data;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new TestCluster(data, "cluster-require-full-coverage no");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Shard shardOn(int node, String queue) throws IOException {
    for (Shard shard : TestJobs.shards(queue)) {
      if (cluster.home(shard) == node) {
        return shard;
      }
    }
    throw new IllegalStateException("all shards of " + queue + " are elsewhere");
  }

  @Test
  void otherShardsGoOnWhileANodeIsStopped() throws IOException {
    String queue = "stopped";
    Shard away = shardOn(0, queue);
    List<Shard> others = List.of(shardOn(1, queue), shardOn(2, queue));
    try (TestJobs jobs = new TestJobs(cluster.options(), TestJobs.PATIENT).ready();
        TestJobs hasty = new TestJobs(cluster.options(), TIMEOUT).ready()) {
      jobs.given(away, "first");
      hasty.awaitAnswer(away);
      for (Shard other : others) {
        jobs.given(other, "first");
      }
      List<CompletableFuture<?>> silent = new ArrayList<>();
      List<CompletableFuture<?>> failing = new ArrayList<>();
      cluster.node(0).stop();
      try {
        for (int i = 0; i < 10; i++) {
          silent.add(jobs.schedule(away, "silent " + i).subscribeAsCompletionStage());
          failing.add(hasty.schedule(away, "failing " + i).subscribeAsCompletionStage());
        }
        for (int i = 0; i < 10; i++) {
          for (Shard other : others) {
            jobs.given(other, "other " + i);
          }
        }
        assertThat(silent).allMatch(call -> !call.isDone());
        for (CompletableFuture<?> call : failing) {
          assertThatThrownBy(call::join).hasCauseInstanceOf(StoreUnavailableException.class);
        }
      } finally {
        cluster.node(0).resume();
      }
      awaitSchedule(jobs, away);
      assertThat(jobs.claimedIds(away)).contains("first", "again");
    }
  }

  @Test
  void otherShardsGoOnWhileANodeIsDead() throws IOException {
    String queue = "killed";
    Shard away = shardOn(1, queue);
    Shard other = shardOn(2, queue);
    try (TestJobs jobs = new TestJobs(cluster.options(), TestJobs.PATIENT).ready()) {
      jobs.given(away, "first");
      cluster.node(1).kill();
      try {
        assertThatThrownBy(() -> TestJobs.await(jobs.schedule(away, "dead")))
            .isInstanceOf(StoreUnavailableException.class);
        jobs.given(other, "other");
      } finally {
        cluster.node(1).restart();
      }
      awaitSchedule(jobs, away);
      cluster.awaitWell();
    }
  }

  @Test
  void othersSayWhatMemoryTheyHaveWhileANodeIsStopped() throws IOException {
    try (TestJobs jobs = new TestJobs(cluster.options(), TIMEOUT).ready()) {
      for (int node = 0; node < 3; node++) {
        awaitSchedule(jobs, shardOn(node, "memory"));
      }
      awaitAnswers(jobs, 3);
      cluster.node(0).stop();
      try {
        assertThat(awaitAnswers(jobs, 2))
            .noneMatch(primary -> primary.endsWith(":" + cluster.node(0).port()));
      } finally {
        cluster.node(0).resume();
        cluster.awaitWell();
      }
    }
  }

  @Test
  void anImportingNodeThatDiesUnderACallIsUnavailable() throws IOException {
    Shard shard = shardOn(0, "dying");
    int target = 2;
    try (TestJobs jobs = new TestJobs(cluster.options(), TestJobs.PATIENT).ready()) {
      jobs.givenAllKeys(shard);
      cluster.beginMove(shard, 0, target);
      cluster.migrate(cluster.keys(shard, 0), 0, target);
      jobs.given(shard, "connects");
      long asked = cluster.errors(0, "ASK");
      cluster.node(target).stop();
      try {
        CompletableFuture<?> call = jobs.schedule(shard, "lost").subscribeAsCompletionStage();
        Awaitility.await("the question at the node")
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> cluster.errors(0, "ASK") > asked);
        cluster.node(target).kill();

        assertThatThrownBy(call::join).hasCauseInstanceOf(StoreUnavailableException.class);
      } finally {
        cluster.node(target).kill();
        cluster.node(target).restart();
        cluster.awaitWell();
      }
      cluster.finishMove(shard, 0, target);
      cluster.beginMove(shard, target, 0);
      cluster.finishMove(shard, target, 0);
    }
  }

  /** On a busy machine one may take longer to answer than a call may. */
  private static List<String> awaitAnswers(TestJobs jobs, int nodes) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(jobs::primariesThatAnswer, primaries -> primaries.size() == nodes);
  }

  /** A call that failed may have been done all the same, so that its id may be taken. */
  private static void awaitSchedule(TestJobs jobs, Shard shard) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(
            () -> STORED.contains(TestJobs.await(jobs.schedule(shard, "again")).get(0).outcome()));
  }
}
