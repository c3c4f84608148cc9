package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreUnavailableException;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that serves only as a whole, and hosts of it that do not answer. */
final class ClusterDownTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path data;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new TestCluster(data, "cluster-require-full-coverage yes");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void isUnavailableWhileASlotIsNotServed() throws IOException {
    Shard shard = TestJobs.shards("down").get(0);
    String lost = cluster.slot(shard).equals("0") ? "1" : "0";
    try (TestJobs jobs = new TestJobs(cluster.options(), TestJobs.PATIENT).ready()) {
      jobs.given(shard, "before");
      cluster.unassign(lost);
      assertThatThrownBy(() -> TestJobs.await(jobs.schedule(shard, "down")))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("CLUSTERDOWN");

      cluster.node(0).call("CLUSTER", "ADDSLOTS", lost);
      cluster.awaitWell();
      jobs.given(shard, "after");
      assertThat(jobs.claimedIds(shard)).containsExactlyInAnyOrder("before", "after");
    }
  }

  @Test
  void isFoundThroughOthersWhenAHostIsStopped() throws IOException {
    Shard shard = TestJobs.shards("second-host").get(0);
    int stopped = (cluster.home(shard) + 1) % 3;
    RedisOptions options = host(cluster.node(stopped).port());
    options.addConnectionString("redis://127.0.0.1:" + cluster.node(cluster.home(shard)).port());
    cluster.node(stopped).stop();
    try (TestJobs jobs = new TestJobs(options, TestJobs.PATIENT).ready()) {
      jobs.given(shard, "a");
      assertThat(jobs.claimedIds(shard)).containsExactly("a");
    } finally {
      cluster.node(stopped).resume();
      cluster.awaitWell();
    }
  }

  @Test
  void isFoundThroughOthersWhenAHostRefusesConnections() throws IOException {
    Shard shard = TestJobs.shards("third-host").get(0);
    // A port that is taken and not listened to, so that nobody else listens there either.
    try (Socket refusing = new Socket()) {
      refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      RedisOptions options = host(refusing.getLocalPort());
      options.addConnectionString("redis://127.0.0.1:" + cluster.node(2).port());
      try (TestJobs jobs = new TestJobs(options, TestJobs.PATIENT).ready()) {
        jobs.given(shard, "a");
        assertThat(jobs.claimedIds(shard)).containsExactly("a");
      }
    }
  }

  @Test
  void isUnavailableWithinTheTimeoutWhenNoHostAnswers() throws IOException {
    Shard shard = TestJobs.shards("no-host").get(0);
    cluster.node(0).stop();
    try (TestJobs jobs = new TestJobs(host(cluster.node(0).port()), TIMEOUT)) {
      assertThatThrownBy(() -> TestJobs.await(jobs.schedule(shard, "a")))
          .isInstanceOf(StoreUnavailableException.class);
    } finally {
      cluster.node(0).resume();
      cluster.awaitWell();
    }
    try (TestJobs jobs = new TestJobs(host(cluster.node(0).port()), TIMEOUT)) {
      Awaitility.await()
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
          .until(() -> !TestJobs.await(jobs.schedule(shard, "b")).isEmpty());
    }
  }

  private static RedisOptions host(int port) {
    return new RedisOptions()
        .setType(RedisClientType.CLUSTER)
        .addConnectionString("redis://127.0.0.1:" + port);
  }
}
