package dev.dueline.ops.metrics;

import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.job.QueueName;
import dev.dueline.ops.recent.RecentIncidents;
import dev.dueline.store.redis.RedisStore;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the console is told of what metrics and logs tell, too. */
@Singleton
final class ConsoleFacts implements ReplicaFacts {
  private final RedisStore store;
  private final QueueLabels labels;
  private final RecentIncidents incidents;

  ConsoleFacts(RedisStore store, QueueLabels labels, RecentIncidents incidents) {
    this.store = store;
    this.labels = labels;
    this.incidents = incidents;
  }

  /** Known for the queues that have a label of their own. */
  @Override
  public @Nullable Lateness lateness(String queue) {
    return labels.lateness(new QueueName(queue));
  }

  @Override
  public Uni<List<Memory>> memory() {
    return store
        .factsThatAreKnown()
        .map(
            all ->
                all.stream()
                    .map(
                        each ->
                            new Memory(
                                each.primary(), each.usedMemoryBytes(), each.maxMemoryBytes()))
                    .toList());
  }

  @Override
  public List<ClockStep> clockSteps() {
    return incidents.clockSteps();
  }

  @Override
  public List<Repairs> repairs() {
    return incidents.repairs();
  }
}
