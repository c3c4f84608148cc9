package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.scaling.JobsAhead;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what queues hold, a few at a time, so that Redis waits for ten thousand of them no more
 * than for one. What cannot be counted keeps back no other.
 */
@Singleton
final class QueueCounts {
  /** Queues asked for in one go. */
  private static final int STEP = 16;

  /** The pause after each shard: 200 of them a second, of two scripts, are about 2 % of Redis. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** A queue whose Redis is silent is not waited for as long as a caller would. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final QueueDirectory directory;
  private final QueueStore store;
  private final JobsAhead ahead;

  QueueCounts(QueueDirectory directory, QueueStore store) {
    this.directory = directory;
    this.store = store;
    this.ahead = new JobsAhead(store);
  }

  /**
   * What was counted.
   *
   * @param held by each queue, without those that there are not
   * @param failed the queues that could not be counted, and why
   */
  record Counted(Map<QueueName, HeldJobs> held, Map<QueueName, Throwable> failed) {
    Counted() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    void add(Counted more) {
      held.putAll(more.held);
      failed.putAll(more.failed);
    }
  }

  /** What each queue holds. Never fails. */
  Uni<Counted> of(Collection<QueueName> queues) {
    Counted counted = new Counted();
    return queues.isEmpty()
        ? Uni.createFrom().item(counted)
        : directory
            .layouts(List.copyOf(queues))
            .invoke(found -> counted.failed.putAll(found.failed()))
            .chain(found -> each(found.layouts(), counted))
            .replaceWith(counted);
  }

  private Uni<Void> each(List<QueueLayout> layouts, Counted counted) {
    return Multi.createFrom()
        .iterable(layouts)
        .group()
        .intoLists()
        .of(STEP)
        .onItem()
        .transformToUniAndConcatenate(
            step ->
                ShardCalls.each(step, layout -> count(layout.queue(), counted))
                    .onItem()
                    .delayIt()
                    .by(PAUSE.multipliedBy(step.stream().mapToInt(QueueLayout::shardCount).sum())))
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> count(QueueName queue, Counted counted) {
    return directory
        .withFound(
            queue,
            found -> ShardCalls.each(found.map(QueueLayout::shards).orElse(List.of()), this::count))
        .ifNoItem()
        .after(LIMIT)
        .fail()
        .invoke(
            shards -> {
              if (!shards.isEmpty()) {
                HeldJobs held = new HeldJobs();
                shards.forEach(shard -> held.add(shard.stats(), shard.within()));
                counted.held.put(queue, held);
              }
            })
        .onFailure()
        .invoke(failure -> counted.failed.put(queue, failure))
        .replaceWithVoid()
        .onFailure()
        .recoverWithNull();
  }

  /** A shard, and how many of its jobs are due by the end of each window. */
  private record CountedShard(ShardStats stats, List<Long> within) {}

  private Uni<CountedShard> count(Shard shard) {
    return store
        .stats(shard)
        .chain(
            stats ->
                ahead
                    .in(HeldJobs.windows(), shard, stats)
                    .map(within -> new CountedShard(stats, within)));
  }
}
