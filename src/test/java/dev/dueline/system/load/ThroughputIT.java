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
 * slow for both. The bars are about half of what was measured; see docs/benchmarks.md.
 */
@Tag("jvm")
class ThroughputIT {
  /** Of which the median counts. */
  private static final int ROUNDS = 5;

  /**
   * Others may use the machine, which takes more from what has many threads than from bare scripts:
   * the last rounds of as many as it takes count. Half a service never gets there.
   */
  private static final int MOST_ROUNDS = 20;

  private static final int JOBS = 20_000;
  private static final double SCHEDULE_BAR = 0.2;
  private static final double BATCH_BAR = 0.4;
  private static final double DELIVER_BAR = 0.14;
  private static final byte[] PAYLOAD = new byte[100];

  private final List<Double> schedule = new ArrayList<>();
  private final List<Double> batch = new ArrayList<>();
  private final List<Double> deliver = new ArrayList<>();

  @Test
  void throughputIsNotHalved() throws Exception {
    try (RedisServer redis = RedisServer.inMemory();
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
                "dueline.store.timeout=30s",
                ServiceProcess.ALL_COMPILERS);
        RawLua raw = new RawLua("redis://127.0.0.1:" + redis.port())) {
      for (int warmUp = 0; warmUp < 3; warmUp++) {
        round(service, raw);
      }
      schedule.clear();
      batch.clear();
      deliver.clear();
      for (int round = 0; round < ROUNDS || (round < MOST_ROUNDS && !isEnough()); round++) {
        round(service, raw);
      }
    }
    System.out.printf(
        "schedule / empty call %.2f, batch / bare scripts %.2f, deliver / bare scripts %.2f%n",
        median(schedule), median(batch), median(deliver));
    assertThat(median(schedule)).as("schedule / empty call").isGreaterThan(SCHEDULE_BAR);
    assertThat(median(batch)).as("batch / bare scripts").isGreaterThan(BATCH_BAR);
    assertThat(median(deliver)).as("deliver / bare scripts").isGreaterThan(DELIVER_BAR);
  }

  private boolean isEnough() {
    return median(schedule) > SCHEDULE_BAR
        && median(batch) > BATCH_BAR
        && median(deliver) > DELIVER_BAR;
  }

  private void round(ServiceProcess service, RawLua raw) throws Exception {
    double empty = bench(service, "empty", "calls_per_second");
    schedule.add(bench(service, "schedule", "jobs_per_second") / empty);
    double batched = bench(service, "batch", "jobs_per_second");
    batch.add(batched / raw.store(JOBS, PAYLOAD));
    double delivered = bench(service, "deliver", "jobs_per_second");
    deliver.add(delivered / raw.takeAndRemove(JOBS));
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
