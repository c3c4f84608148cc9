package dev.dueline.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.WatchDueRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What it costs to look at very many jobs: each page, and Redis and the lateness of deliveries
 * beside ten tabs that are open, against the same without, in turn. By hand: {@code
 * -Dexcluded.groups= -Ddueline.test.queues=1000 -Ddueline.test.jobs=10000000}.
 */
@Tag("load")
class ConsoleScaleIT {
  private static final int QUEUES = Integer.getInteger("dueline.test.queues", 100);
  private static final int JOBS = Integer.getInteger("dueline.test.jobs", 100_000);
  private static final int SECONDS = Integer.getInteger("dueline.test.seconds", 30);
  private static final int ROUNDS = 3;
  private static final int TABS = 10;
  private static final int LOADS = 20;
  private static final int PROBES_PER_SECOND = 200;

  @Test
  void lookingCostsLittle() throws Exception {
    int port = LoopbackPort.free();
    try (RedisServer redis = RedisServer.inMemory();
        RedisCommands commands =
            new RedisCommands(URI.create("redis://127.0.0.1:" + redis.port()));
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
                "dueline.console.enabled=true",
                "dueline.console.port=" + port,
                ServiceProcess.ALL_COMPILERS)) {
      fill(service);
      System.out.printf(
          "%d jobs in %d queues; Redis has %s%n", JOBS, QUEUES, commands.info("used_memory_human"));
      pages(port);
      compare(service, commands, port);
    }
  }

  /** Jobs of the next thirty days, from an hour on. */
  private static void fill(ServiceProcess service) throws Exception {
    int each = JOBS / QUEUES;
    long first = WallClock.nowUs() + TimeUnit.HOURS.toMicros(1);
    long step = TimeUnit.DAYS.toMicros(30) / each;
    for (int queue = 0; queue < QUEUES; queue++) {
      new Backlog(service.channel(), queue(queue), 100).schedule(each, i -> first + i * step);
    }
  }

  private static void pages(int port) throws Exception {
    String last = queue(QUEUES - 1);
    try (ConsoleTabs tabs = ConsoleTabs.open(port, 1)) {
      // Its first rounds look at all queues.
      tabs.awaitLoads(3);
      for (String path :
          List.of(
              "/",
              "/queue?queue=" + last,
              "/queue?queue=" + last + "&range=month",
              "/jobs?queue=" + last,
              "/job?queue=" + last + "&id=1",
              "/dead?queue=" + last,
              "/schedule?queue=" + last,
              "/settings")) {
        Distribution times = new Distribution();
        int bytes = 0;
        for (int i = 0; i < LOADS; i++) {
          long begin = System.nanoTime();
          bytes = ConsoleTabs.load(port, path).length();
          times.add((System.nanoTime() - begin) / 1_000);
        }
        System.out.printf("%s: %d kB, %s%n", path, bytes / 1_000, times);
      }
    }
  }

  private static void compare(ServiceProcess service, RedisCommands redis, int port)
      throws Exception {
    List<Figures> without = new ArrayList<>();
    List<Figures> with = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      without.add(deliver(service, redis, "probe-" + round));
      System.out.println("nobody looks: " + without.get(round));
      try (ConsoleTabs tabs = ConsoleTabs.open(port, TABS)) {
        tabs.awaitLoads(TABS);
        with.add(deliver(service, redis, "probe-tabs-" + round));
        System.out.printf("%d tabs, %d loads: %s%n", TABS, tabs.loads(), with.get(round));
        assertThat(tabs.failures()).isZero();
        assertThat(tabs.loads()).as("loads, while jobs were delivered, too").isGreaterThan(TABS);
      }
    }
    System.out.printf(
        "medians: Redis %.1f and %.1f %%, replica %.1f and %.1f %%, p99 of lateness %.2f and %.2f ms%n",
        median(without, Figures::redisPercent),
        median(with, Figures::redisPercent),
        median(without, Figures::servicePercent),
        median(with, Figures::servicePercent),
        median(without, figures -> figures.lateness().ms(0.99)),
        median(with, figures -> figures.lateness().ms(0.99)));
  }

  /** Delivers jobs that fall due one after the other, from a queue of their own. */
  private static Figures deliver(ServiceProcess service, RedisCommands redis, String queue)
      throws Exception {
    int jobs = PROBES_PER_SECOND * SECONDS;
    long first = WallClock.nowUs() + 3_000_000;
    new Backlog(service.channel(), queue, 100)
        .schedule(jobs, i -> first + i * 1_000_000L / PROBES_PER_SECOND);
    Distribution lateness = new Distribution();
    double redisBefore = cpuSeconds(redis);
    double serviceBefore = service.cpuSeconds();
    long begin = System.nanoTime();
    AckingWatcher watcher =
        new AckingWatcher(
            service.channel(),
            WatchDueRequest.newBuilder().addQueues(queue).build(),
            jobs,
            (job, now) -> lateness.add(now - WallClock.us(job.getDueTime())));
    watcher.acked().await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(watcher.lost()).isZero();
    return new Figures(
        100 * (cpuSeconds(redis) - redisBefore) / seconds,
        100 * (service.cpuSeconds() - serviceBefore) / seconds,
        lateness);
  }

  private static double median(List<Figures> of, ToDoubleFunction<Figures> figure) {
    return of.stream().mapToDouble(figure).sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
  }

  private static double cpuSeconds(RedisCommands redis) throws Exception {
    return Double.parseDouble(redis.info("used_cpu_sys"))
        + Double.parseDouble(redis.info("used_cpu_user"));
  }

  private static String queue(int number) {
    return "queue-%04d".formatted(number);
  }

  /**
   * What a while cost.
   *
   * @param redisPercent of a core
   * @param servicePercent of a core
   * @param lateness of jobs that were delivered meanwhile
   */
  private record Figures(double redisPercent, double servicePercent, Distribution lateness) {
    @Override
    public String toString() {
      return "Redis %.1f %%, replica %.1f %% of a core; lateness %s"
          .formatted(redisPercent, servicePercent, lateness);
    }
  }
}
