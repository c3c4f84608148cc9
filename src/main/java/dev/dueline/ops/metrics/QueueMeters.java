package dev.dueline.ops.metrics;

import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.job.lease.Delivery;
import dev.dueline.ops.recent.RecentLateness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** What went out of the queues that share a label. Thread-safe. */
final class QueueMeters {
  /** From what a person would not notice to what somebody is called for. */
  private static final Duration[] BOUNDS =
      Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000, 300_000, 3_600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Timer leased;
  private final Timer written;
  private final Counter dispatched;
  private final Counter redelivered;
  private final Counter dropped;
  private final Counter expiredLeases;
  private final Counter lostLeases;
  private final RecentLateness recent;
  private final MeterRegistry registry;
  private final List<Meter> all = new ArrayList<>();

  /**
   * Meters, registered.
   *
   * @param streams how many shards are in a state
   */
  QueueMeters(MeterRegistry registry, String label, ToIntFunction<RedisStreamState> streams) {
    this.registry = registry;
    leased = lateness(registry, label, "leased");
    written = lateness(registry, label, "written");
    recent = new RecentLateness(written, BOUNDS[BOUNDS.length - 1]);
    dispatched = registry.counter("dueline.jobs.dispatched", "queue", label);
    redelivered = registry.counter("dueline.redeliveries", "queue", label);
    dropped = registry.counter("dueline.jobs.expired", "queue", label);
    expiredLeases = registry.counter("dueline.leases.expired", "queue", label);
    lostLeases = registry.counter("dueline.lost.leases", "queue", label);
    all.addAll(
        List.of(leased, written, dispatched, redelivered, dropped, expiredLeases, lostLeases));
    for (RedisStreamState state : List.of(RedisStreamState.OPEN, RedisStreamState.FULL)) {
      all.add(
          Gauge.builder("dueline.streams", () -> streams.applyAsInt(state))
              .description("Shards whose due jobs go to a stream")
              .tags("queue", label, "state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** Takes them off the page; what is counted afterwards is lost. */
  void close() {
    all.forEach(registry::remove);
  }

  private static Timer lateness(MeterRegistry registry, String label, String stage) {
    return Timer.builder("dueline.lateness")
        .description("From when a job was due until it was leased, and written to its stream")
        .tags("queue", label, "stage", stage)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  /** Redelivered jobs are late by their retries, and tell nothing of us. */
  void leased(List<Delivery> jobs, int droppedJobs) {
    dispatched.increment(jobs.size());
    dropped.increment(droppedJobs);
    for (Delivery job : jobs) {
      if (job.attempt() == 1) {
        leased.record(Duration.ofMillis(job.dispatchMs() - job.dueMs()));
      } else {
        redelivered.increment();
      }
    }
  }

  void written(Delivery job, long latenessNanos) {
    if (job.attempt() == 1) {
      recent.record(Duration.ofNanos(Math.max(0, latenessNanos)));
    }
  }

  /** Due times of jobs that went to a stream: leased and written in one. */
  void fed(List<Long> dueMs, long nowMs, int droppedJobs) {
    dispatched.increment(dueMs.size());
    dropped.increment(droppedJobs);
    for (long due : dueMs) {
      leased.record(Duration.ofMillis(nowMs - due));
      recent.record(Duration.ofMillis(nowMs - due));
    }
  }

  void expired(int leases, int jobs) {
    expiredLeases.increment(leases);
    dropped.increment(jobs);
  }

  /** From when jobs were due until they were written, lately. */
  RecentLateness recentLateness() {
    return recent;
  }

  void leasesLost(int leases) {
    lostLeases.increment(leases);
  }
}
