package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import dev.dueline.store.StoreObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How long scripts take, as seen from here, how many calls of clients go out in one, and what they
 * found to be over.
 */
@Singleton
public final class ScriptMetrics implements StoreObserver {
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final MeterRegistry registry;
  private final QueueLabels labels;
  private final Map<String, Timer> scripts = new ConcurrentHashMap<>();
  private final Map<String, DistributionSummary> batches = new ConcurrentHashMap<>();

  ScriptMetrics(MeterRegistry registry, QueueLabels labels) {
    this.registry = registry;
    this.labels = labels;
  }

  @Override
  public void called(String call, long tookNanos) {
    scripts.computeIfAbsent(call, this::timer).record(tookNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void expired(QueueName queue, int leases, int jobs) {
    labels.meters(queue).expired(leases, jobs);
  }

  @Override
  public void merged(String call, int items) {
    batches.computeIfAbsent(call, this::batch).record(items);
  }

  private Timer timer(String script) {
    return Timer.builder("dueline.script")
        .description("From sending a script to its reply")
        .tag("script", script)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private DistributionSummary batch(String call) {
    return DistributionSummary.builder("dueline.batch.size")
        .description("Items of clients' calls that went out in one script call")
        .tag("call", call)
        .serviceLevelObjectives(1, 4, 16, 64)
        .register(registry);
  }
}
