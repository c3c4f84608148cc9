package dev.dueline.store.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.redis.TestRedis;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A restart or a failover empties the script cache; callers must not notice. */
final class ScriptRunnerTest {
  @Test
  void runsAScriptThatRedisForgot() {
    try (TestRedis redis = new TestRedis()) {
      Shard shard = new Shard(new QueueName("forgotten"), 0);
      for (int round = 0; round < 2; round++) {
        assertThat(redis.store().read(shard, new JobId("a")).await().atMost(Duration.ofSeconds(60)))
            .isEmpty();
        redis.send(Command.SCRIPT, "FLUSH");
      }
    }
  }
}
