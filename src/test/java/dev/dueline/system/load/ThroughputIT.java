package dev.dueline.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.cli.bench.Benchmark;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whether a change halved what the service does: throughput against an empty call of the same
 * service and against bare scripts on the same Redis, taken in turns, so that a slow machine is
 * slow for both. The bars lie between what was measured and half of it; see docs/benchmarks.md.
 */
class ThroughputIT {
  /** Of which the median counts. */
  private static final int ROUNDS = 5;

  /**
   * Others may use the machine, which takes more from what has many threads than from bare scripts:
   * the last rounds of as many as it takes count. Half a service never gets there.
   */
  private static final int MOST_ROUNDS = 20;

  private static final int JOBS = 20_000;
  private static final double SCHEDULE_BAR = 0.24;
  private static final double BATCH_BAR = 0.4;
  private static final double DELIVER_BAR = 0.19;
  private static final String HALVING =
      "while kill -STOP $1; do sleep 0.01; kill -CONT $1; sleep 0.01; done";
  private static final byte[] PAYLOAD = new byte[100];

  private final List<Double> schedule = new ArrayList<>();
  private final List<Double> batch = new ArrayList<>();
  private final List<Double> deliver = new ArrayList<>();

  @Test
  void throughputIsNotHalved() throws Exception {
    measure(false, MOST_ROUNDS);
    assertThat(median(schedule)).as("schedule / empty call").isGreaterThan(SCHEDULE_BAR);
    assertThat(median(batch)).as("batch / bare scripts").isGreaterThan(BATCH_BAR);
    assertThat(median(deliver)).as("deliver / bare scripts").isGreaterThan(DELIVER_BAR);
  }

  /** Planted: a service that stands still for half of the time, but for empty calls. */
  @Test
  @Tag("load")
  void halfAServiceIsTooLittle() throws Exception {
    measure(true, ROUNDS);
    assertThat(median(schedule)).as("schedule / empty call").isLessThan(SCHEDULE_BAR);
    assertThat(median(batch)).as("batch / bare scripts").isLessThan(BATCH_BAR);
    assertThat(median(deliver)).as("deliver / bare scripts").isLessThan(DELIVER_BAR);
  }

  private void measure(boolean isHalved, int mostRounds) throws Exception {
    try (RedisServer redis = RedisServer.inMemory();
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
                "dueline.store.timeout=30s",
                ServiceProcess.ALL_COMPILERS);
        RawLua raw = new RawLua("redis://127.0.0.1:" + redis.port())) {
      for (int warmUp = 0; warmUp < 3; warmUp++) {
        round(service, raw, false);
      }
      schedule.clear();
      batch.clear();
      deliver.clear();
      for (int round = 0; round < ROUNDS || (round < mostRounds && !isEnough()); round++) {
        round(service, raw, isHalved);
      }
    }
    System.out.printf(
        "schedule / empty call %.2f, batch / bare scripts %.2f, deliver / bare scripts %.2f%n",
        median(schedule), median(batch), median(deliver));
  }

  private boolean isEnough() {
    return median(schedule) > SCHEDULE_BAR
        && median(batch) > BATCH_BAR
        && median(deliver) > DELIVER_BAR;
  }

  private void round(ServiceProcess service, RawLua raw, boolean isHalved) throws Exception {
    double empty = bench(service, "empty", "calls_per_second");
    schedule.add(rate(isHalved, service, "schedule") / empty);
    batch.add(rate(isHalved, service, "batch") / raw.store(JOBS, PAYLOAD));
    deliver.add(rate(isHalved, service, "deliver") / raw.takeAndRemove(JOBS));
  }

  private static double rate(boolean isHalved, ServiceProcess service, String what)
      throws Exception {
    if (!isHalved) {
      return bench(service, what, "jobs_per_second");
    }
    Process halving = new ProcessBuilder("sh", "-c", HALVING, "sh", "" + service.pid()).start();
    try {
      return bench(service, what, "jobs_per_second");
    } finally {
      halving.destroy();
      halving.waitFor();
      service.resume();
    }
  }

  private static double bench(ServiceProcess service, String what, String figure) {
    return Benchmark.of(service, what + " --jobs " + JOBS + " --warm-up 1000").getDouble(figure);
  }

  /** Of the last rounds. */
  private static double median(List<Double> values) {
    int rounds = Math.min(ROUNDS, values.size());
    List<Double> sorted = new ArrayList<>(values.subList(values.size() - rounds, values.size()));
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
