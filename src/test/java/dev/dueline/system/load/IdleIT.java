package dev.dueline.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.EmbeddedRedis;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.WatchDueRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to wait: CPU time of the replica and of Redis while nothing is due. */
@Tag("load")
class IdleIT {
  private static final int SECONDS = Integer.getInteger("dueline.test.seconds", 60);

  @Test
  void waitingCostsNextToNothing(@TempDir Path data) throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, Optional.empty());
        RedisCommands commands = new RedisCommands(redis.hosts());
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=" + redis.hosts(), ServiceProcess.ALL_COMPILERS)) {
      long due = WallClock.nowUs() + TimeUnit.HOURS.toMicros(1);
      new Backlog(service.channel(), "idle", 100).schedule(100_000, i -> due);
      WatchDueRequest request = WatchDueRequest.newBuilder().addQueues("idle").build();
      AckingWatcher watcher = new AckingWatcher(service.channel(), request, 1, (job, now) -> {});
      // The JVM compiles for a while after the load; that is not the cost of waiting.
      assertThat(watcher.acked().await(20, TimeUnit.SECONDS)).isFalse();
      double serviceBefore = service.cpuSeconds();
      double redisBefore = cpuSeconds(commands);
      assertThat(watcher.acked().await(SECONDS, TimeUnit.SECONDS)).isFalse();
      double serviceShare = 100 * (service.cpuSeconds() - serviceBefore) / SECONDS;
      double redisShare = 100 * (cpuSeconds(commands) - redisBefore) / SECONDS;
      System.out.printf(
          "idle for %s: replica %.2f %%, Redis %.2f %% of one core%n",
          Duration.ofSeconds(SECONDS), serviceShare, redisShare);
    }
  }

  private static double cpuSeconds(RedisCommands redis) throws Exception {
    return Double.parseDouble(redis.info("used_cpu_sys"))
        + Double.parseDouble(redis.info("used_cpu_user"));
  }
}
