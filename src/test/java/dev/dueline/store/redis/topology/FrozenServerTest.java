package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.system.process.RedisServer;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What waits in the input of a Redis that stands still is not done when it goes on. */
final class FrozenServerTest {
  /** Of the calls that are to fail. */
  private static final Duration TIMEOUT = Duration.ofMillis(600);

  private static final Shard SHARD = new Shard(new QueueName("frozen"), 0);

  @Test
  void aJobWhoseCallFailedIsNotStoredLater() {
    try (RedisServer redis = RedisServer.inMemory();
        TestJobs jobs = new TestJobs(options(redis), TestJobs.PATIENT);
        TestJobs hasty = new TestJobs(options(redis), TIMEOUT)) {
      jobs.given(SHARD, "before");
      hasty.awaitAnswer(SHARD);
      List<CompletableFuture<List<Scheduled>>> lost = new ArrayList<>();
      redis.stop();
      for (int i = 0; i < 10; i++) {
        lost.add(hasty.schedule(SHARD, "lost " + i).subscribeAsCompletionStage());
      }
      for (CompletableFuture<List<Scheduled>> call : lost) {
        assertThatThrownBy(call::join).hasCauseInstanceOf(StoreUnavailableException.class);
      }
      redis.resume();

      hasty.awaitAnswer(SHARD);
      jobs.given(SHARD, "after");
      assertThat(jobs.claimedIds(SHARD)).containsExactlyInAnyOrder("before", "after");
    }
  }

  private static RedisOptions options(RedisServer redis) {
    return new RedisOptions().setConnectionString("redis://127.0.0.1:" + redis.port());
  }
}
