package dev.dueline.operation.queue;

import dev.dueline.job.QueueLimits;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it stands, each shard for itself. A change that was cut off shows as done where it
 * reached a shard: it is to be repeated until it reaches all.
 *
 * @param shards at least one
 * @param streamKeys of the shards' Redis Streams, where due jobs go there; else empty
 */
public record QueueView(QueueLayout layout, List<ShardStats> shards, List<String> streamKeys) {

  /** Whether any shard is: some of its jobs stand still. */
  public boolean isPaused() {
    return shards.stream().anyMatch(ShardStats::isPaused);
  }

  /** What the whole queue was given. */
  public QueueLimits limits() {
    return shards.get(0).limits();
  }

  /** Where due jobs go; null: to watchers. */
  public @Nullable RedisStreamTarget target() {
    return shards.stream()
        .map(ShardStats::stream)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** When the next job is due, ms; {@link Claim#NONE}: none is pending. */
  public long nextDueMs() {
    return shards.stream().mapToLong(ShardStats::nextDueMs).min().orElse(Claim.NONE);
  }

  /** A number of all shards together. */
  public long sum(ToLongFunction<ShardStats> number) {
    return shards.stream().mapToLong(number).sum();
  }

  /** A total of all shards together. */
  public long total(ToLongFunction<Totals> total) {
    return sum(shard -> total.applyAsLong(shard.totals()));
  }
}
