package dev.dueline.ops.metrics;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.job.QueueName;
import dev.dueline.ops.labels.LabelTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The label of each queue in metrics, its name or that of the others, and its meters. Thread-safe.
 */
@Singleton
final class QueueLabels {
  /** Not a name that a queue can have. */
  static final String OTHER = "(other)";

  private static final Duration TICK = Duration.ofSeconds(LabelTable.TICK_SECONDS);

  private static final int MINUTE_TICKS = 60 / LabelTable.TICK_SECONDS;

  private final LabelTable<QueueMeters> table;
  private final RedisStreamShards streams = new RedisStreamShards();
  private int ticks;

  QueueLabels(MetricsConfig config, MeterRegistry registry) {
    QueueMeters others = new QueueMeters(registry, OTHER, this::othersInState);
    table =
        new LabelTable<>(
            config.maxQueues(),
            config.queues().orElse(List.of()).stream().map(QueueName::new).toList(),
            others,
            queue -> new QueueMeters(registry, queue.value(), state -> streams.count(queue, state)),
            QueueMeters::close);
  }

  private int othersInState(RedisStreamState state) {
    Set<QueueName> labeled = table.queues();
    return streams.countWithout(labeled, state);
  }

  void started(@Observes StartupEvent event) {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(TICK)
        .invoke(this::tick)
        .repeat()
        .indefinitely()
        .subscribe()
        .with(ticked -> {});
  }

  private void tick() {
    table.tick();
    ticks = (ticks + 1) % MINUTE_TICKS;
    if (ticks == 0) {
      table.queues().forEach(queue -> table.of(queue).recentLateness().minutePassed());
    }
  }

  /** Of the jobs that went out lately; null: there were none, or the queue has no label. */
  @Nullable Lateness lateness(QueueName queue) {
    return table.has(queue) ? table.of(queue).recentLateness().lately() : null;
  }

  String of(QueueName queue) {
    return table.has(queue) ? queue.value() : OTHER;
  }

  QueueMeters meters(QueueName queue) {
    return table.of(queue);
  }

  /** The queues with a label of their own, now. */
  Set<QueueName> queues() {
    return table.queues();
  }

  /** Jobs of a queue went out. */
  void used(QueueName queue, int jobs) {
    table.used(queue, jobs);
  }

  /** A queue holds jobs, or has watchers. */
  void present(QueueName queue) {
    table.present(queue);
  }

  /** A shard of a queue is delivered to a stream, or is no more. */
  void redisStreamChanged(QueueName queue, RedisStreamState before, RedisStreamState now) {
    table.present(queue);
    streams.changed(queue, before, now);
  }
}
