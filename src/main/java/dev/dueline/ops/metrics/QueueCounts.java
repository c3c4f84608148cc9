package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what queues hold, a few shards at a time, so that Redis waits for ten thousand of them no
 * more than for one.
 */
@Singleton
final class QueueCounts {
  /** Shards asked for in one go. */
  private static final int STEP = 50;

  /** The pause after each shard: 200 of them a second are about 1 % of Redis's time. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final QueueDirectory directory;
  private final QueueStore store;

  QueueCounts(QueueDirectory directory, QueueStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** What each queue holds; without those that there are not. */
  Uni<Map<QueueName, HeldJobs>> of(Collection<QueueName> queues) {
    Map<QueueName, HeldJobs> held = new HashMap<>();
    return shards(queues)
        .chain(
            shards ->
                Multi.createFrom()
                    .iterable(shards)
                    .group()
                    .intoLists()
                    .of(STEP)
                    .onItem()
                    .transformToUniAndConcatenate(step -> count(step, held))
                    .onItem()
                    .ignoreAsUni())
        .replaceWith(held);
  }

  private Uni<List<Shard>> shards(Collection<QueueName> queues) {
    return queues.isEmpty()
        ? Uni.createFrom().item(List.of())
        : directory
            .layouts(List.copyOf(queues))
            .map(layouts -> layouts.stream().flatMap(layout -> layout.shards().stream()).toList());
  }

  private Uni<Void> count(List<Shard> shards, Map<QueueName, HeldJobs> held) {
    return ShardCalls.each(shards, store::stats)
        .invoke(
            stats -> {
              for (int i = 0; i < shards.size(); i++) {
                held.computeIfAbsent(shards.get(i).queue(), queue -> new HeldJobs())
                    .add(stats.get(i));
              }
            })
        .onItem()
        .delayIt()
        .by(PAUSE.multipliedBy(shards.size()))
        .replaceWithVoid();
  }
}
