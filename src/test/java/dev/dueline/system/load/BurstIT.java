package dev.dueline.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.EmbeddedRedis;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.WatchDueRequest;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many jobs due in one millisecond: no command holds Redis up, others are served while the
 * backlog drains, and a watcher that does not read costs nobody anything.
 */
@Tag("load")
class BurstIT {
  private static final int JOBS = Integer.getInteger("dueline.test.jobs", 1_000_000);

  /** Commands slower than this are in Redis's slow log, µs. */
  private static final String SLOW_US = "5000";

  private static final int MAX_OUTSTANDING = 100;

  private final BitSet seen = new BitSet(JOBS);
  private final Distribution schedules = new Distribution();
  private final Distribution cancels = new Distribution();

  @Test
  void aBurstLeavesRedisResponsive(@TempDir Path data) throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, Optional.empty());
        RedisCommands commands = new RedisCommands(redis.hosts());
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=" + redis.hosts(), "-Xmx256m", ServiceProcess.ALL_COMPILERS)) {
      commands.call("CONFIG", "SET", "slowlog-log-slower-than", SLOW_US);
      long due = WallClock.nowUs() + 1_000_000;
      new Backlog(service.channel(), "burst", 1_024).schedule(JOBS, i -> due);
      StuckWatcher stuck = new StuckWatcher(service.channel(), "burst", MAX_OUTSTANDING);
      long begin = System.nanoTime();
      AckingWatcher watcher = watch(service);
      while (!watcher.acked().await(50, TimeUnit.MILLISECONDS)
          && watcher.acked().getCount() > MAX_OUTSTANDING) {
        others(service);
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MINUTES.toNanos(15));
      }
      report(System.nanoTime() - begin);
      // All else is acknowledged: what is still leased is with the watcher that does not read.
      int leased = commands.call("ZCARD", "dueline:{burst/0}:leases").toInteger();
      System.out.printf("stuck watcher: %d leased, %d read%n", leased, stuck.received());
      assertThat(leased).isBetween(stuck.received(), MAX_OUTSTANDING);
      assertThat(watcher.lost()).isZero();
      report(commands);
    }
  }

  /** The slow log counts the wall clock: on a busy machine also the time that Redis did not run. */
  private static void report(RedisCommands redis) throws Exception {
    System.out.printf(
        "commands over %s us: %s; CPU of Redis %s + %s s; scripts: %s; slowest: %s%n",
        SLOW_US,
        redis.call("SLOWLOG", "LEN"),
        redis.info("used_cpu_user"),
        redis.info("used_cpu_sys"),
        redis.info("cmdstat_evalsha"),
        redis.info("latency_percentiles_usec_evalsha"));
    Response slow = redis.call("SLOWLOG", "GET", "10");
    for (Response entry : slow) {
      System.out.printf("  %s us: %s%n", entry.get(2), entry.get(3).get(0));
    }
  }

  private AckingWatcher watch(ServiceProcess service) throws InterruptedException {
    WatchDueRequest request =
        WatchDueRequest.newBuilder().addQueues("burst").setMaxOutstandingJobs(1_000).build();
    return new AckingWatcher(
        service.channel(),
        request,
        JOBS,
        (job, now) -> {
          int number = Integer.parseInt(job.getJobId());
          assertThat(seen.get(number)).isFalse();
          seen.set(number);
        });
  }

  private void others(ServiceProcess service) {
    String id = "other" + schedules.size();
    long begin = System.nanoTime();
    service
        .calls()
        .schedule(
            ScheduleRequest.newBuilder()
                .setQueue("burst")
                .setJobId(id)
                .setDelay(com.google.protobuf.Duration.newBuilder().setSeconds(3_600))
                .build());
    long between = System.nanoTime();
    CancelOutcome outcome =
        service
            .calls()
            .cancel(CancelRequest.newBuilder().setQueue("burst").setJobId(id).build())
            .getOutcome();
    assertThat(outcome).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    schedules.add((between - begin) / 1_000);
    cancels.add((System.nanoTime() - between) / 1_000);
  }

  private void report(long nanos) {
    System.out.printf(
        "drained %d jobs in %.1f s, %.0f a second%n", JOBS, nanos / 1e9, JOBS / (nanos / 1e9));
    System.out.println("Schedule meanwhile: " + schedules);
    System.out.println("Cancel meanwhile:   " + cancels);
  }
}
