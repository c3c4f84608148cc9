package dev.dueline.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.EmbeddedRedis;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to wait: CPU time of the replica and of Redis while nothing is due. */
@Tag("load")
class IdleIT {
  private static final int SECONDS = Integer.getInteger("dueline.test.seconds", 60);
  private static final int QUEUES = Integer.getInteger("dueline.test.queues", 5_000);

  /** Of one connection: as many as servers and proxies commonly allow. */
  private static final int STREAMS = Integer.getInteger("dueline.test.streams", 100);

  private static final int PROBES = 400;
  private static final Duration BETWEEN = Duration.ofMillis(50);

  @Test
  void waitingCostsNextToNothing(@TempDir Path data) throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, Optional.empty());
        ServiceProcess service = service(redis)) {
      long due = WallClock.nowUs() + TimeUnit.HOURS.toMicros(1);
      new Backlog(service.channel(), "idle", 100).schedule(100_000, i -> due);
      AckingWatcher watcher = watch(service.channel(), "idle");
      report("idle", service, redis);
      assertThat(watcher.hasEnded()).isFalse();
    }
  }

  /** Each queue has a job, that is due much later. */
  @Test
  void manyWatchedQueuesCostLittleAndHoldNobodyUp(@TempDir Path data) throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    List<AckingWatcher> watchers = new ArrayList<>();
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, Optional.empty());
        ServiceProcess service = service(redis)) {
      // Once for the JVM, which compiles meanwhile.
      probe(service.channel(), "first");
      Distribution alone = probe(service.channel(), "before");
      long due = WallClock.nowUs() + TimeUnit.HOURS.toMicros(1);
      for (int i = 0; i < QUEUES; i++) {
        if (i % STREAMS == 0) {
          channels.add(
              NettyChannelBuilder.forAddress("127.0.0.1", service.port()).usePlaintext().build());
        }
        new Backlog(service.channel(), "idle-" + i, 100).schedule(1, job -> due);
        watchers.add(watch(channels.get(channels.size() - 1), "idle-" + i));
      }
      report(QUEUES + " queues idle", service, redis);
      Distribution beside = probe(service.channel(), "after");
      assertThat(watchers).hasSize(QUEUES).noneMatch(AckingWatcher::hasEnded);
      System.out.printf(
          "lateness of one a time: alone %s%n  beside idle queues %s%n  ratio p50 %.2f, p90 %.2f%n",
          alone, beside, beside.ms(0.5) / alone.ms(0.5), beside.ms(0.9) / alone.ms(0.9));
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static ServiceProcess service(EmbeddedRedis redis) {
    return ServiceProcess.start(
        "quarkus.redis.hosts=" + redis.hosts(), ServiceProcess.ALL_COMPILERS);
  }

  private static AckingWatcher watch(ManagedChannel channel, String queue) throws Exception {
    WatchDueRequest request = WatchDueRequest.newBuilder().addQueues(queue).build();
    return new AckingWatcher(channel, request, 1, (job, now) -> {});
  }

  /** How late jobs of one more queue come, by this client's clock, one every so often. */
  private static Distribution probe(ManagedChannel channel, String queue) throws Exception {
    Distribution lateness = new Distribution();
    WatchDueRequest request = WatchDueRequest.newBuilder().addQueues(queue).build();
    AckingWatcher watcher =
        new AckingWatcher(
            channel,
            request,
            PROBES,
            (job, now) -> lateness.add(now - WallClock.us(job.getDueTime())));
    long firstUs = WallClock.nowUs() + 1_000_000;
    new Backlog(channel, queue, 100).schedule(PROBES, i -> firstUs + i * BETWEEN.toNanos() / 1_000);
    assertThat(watcher.acked().await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(lateness.size()).isEqualTo(PROBES);
    return lateness;
  }

  /** Prints the CPU time of some while, and how much of it went to compiling what is called now. */
  private static void report(String what, ServiceProcess service, EmbeddedRedis redis)
      throws Exception {
    try (RedisCommands commands = new RedisCommands(redis.hosts())) {
      TimeUnit.SECONDS.sleep(SECONDS / 3);
      double serviceBefore = service.cpuSeconds();
      double compilersBefore = compilerSeconds(service);
      double redisBefore = cpuSeconds(commands);
      TimeUnit.SECONDS.sleep(SECONDS);
      System.out.printf(
          "%s for %d s: replica %.2f %%, of that %.2f for its JIT; Redis %.2f %% of one core%n",
          what,
          SECONDS,
          100 * (service.cpuSeconds() - serviceBefore) / SECONDS,
          100 * (compilerSeconds(service) - compilersBefore) / SECONDS,
          100 * (cpuSeconds(commands) - redisBefore) / SECONDS);
    }
  }

  private static double compilerSeconds(ServiceProcess service) throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + service.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s")) {
          nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        }
      }
    }
    return nanos / 1e9;
  }

  private static double cpuSeconds(RedisCommands redis) throws Exception {
    return Double.parseDouble(redis.info("used_cpu_sys"))
        + Double.parseDouble(redis.info("used_cpu_user"));
  }
}
