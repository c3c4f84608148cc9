package dev.dueline.grpc.queue;

import dev.dueline.grpc.message.Times;
import dev.dueline.job.Shard;
import dev.dueline.store.Claim;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.ShardStats;
import dev.dueline.store.ShardStats.Totals;
import dev.dueline.store.StreamTarget;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.WatcherDelivery;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Queues of the wire and of the domain. */
final class QueueMapping {
  private static final String DEFAULT_GROUP = "workers";
  private static final long DEFAULT_STREAM_LENGTH = 10_000;

  private QueueMapping() {}

  /**
   * A queue from all its shards. One that is paused in part only, since a pause was cut off, counts
   * as paused: some of its jobs stand still.
   */
  static Queue queue(QueueLayout layout, List<ShardStats> shards, Function<Shard, String> key) {
    return Queue.newBuilder()
        .setName(layout.queue().value())
        .setPaused(shards.stream().anyMatch(ShardStats::isPaused))
        .setLimits(limits(shards.get(0).limits()))
        .setStats(stats(shards))
        .setShards(layout.shardCount())
        .setDelivery(delivery(layout, shards, key))
        .build();
  }

  /** A change that was cut off shows as done: it is to be repeated until it is. */
  private static QueueDelivery delivery(
      QueueLayout layout, List<ShardStats> shards, Function<Shard, String> key) {
    StreamTarget target =
        shards.stream().map(ShardStats::stream).filter(Objects::nonNull).findFirst().orElse(null);
    if (target == null) {
      return QueueDelivery.newBuilder().setWatchers(WatcherDelivery.getDefaultInstance()).build();
    }
    StreamDelivery stream =
        StreamDelivery.newBuilder()
            .setConsumerGroup(target.group())
            .setMaxStreamLength(target.maxLength())
            .addAllStreamKeys(layout.shards().stream().map(key).toList())
            .build();
    return QueueDelivery.newBuilder().setStream(stream).build();
  }

  /** Where a request wants due jobs to go; null: to watchers. */
  static @Nullable StreamTarget target(QueueDelivery delivery) {
    if (!delivery.hasStream()) {
      return null;
    }
    StreamDelivery stream = delivery.getStream();
    return new StreamTarget(
        stream.getConsumerGroup().isEmpty() ? DEFAULT_GROUP : stream.getConsumerGroup(),
        stream.getMaxStreamLength() == 0 ? DEFAULT_STREAM_LENGTH : stream.getMaxStreamLength());
  }

  static dev.dueline.job.QueueLimits limits(QueueLimits limits) {
    return new dev.dueline.job.QueueLimits(
        limits.getMaxDispatchesPerSecond(),
        limits.getMaxOutstandingJobs(),
        limits.getMaxPendingJobs());
  }

  private static QueueLimits limits(dev.dueline.job.QueueLimits limits) {
    return QueueLimits.newBuilder()
        .setMaxDispatchesPerSecond(limits.dispatchesPerSecond())
        .setMaxOutstandingJobs(limits.maxOutstanding())
        .setMaxPendingJobs(limits.maxPending())
        .build();
  }

  private static QueueStats stats(List<ShardStats> shards) {
    QueueStats.Builder stats =
        QueueStats.newBuilder()
            .setPendingJobs(sum(shards, ShardStats::pending))
            .setDueJobs(sum(shards, ShardStats::due))
            .setLeasedJobs(sum(shards, ShardStats::leased))
            .setDeadJobs(sum(shards, ShardStats::dead))
            .setScheduledTotal(total(shards, Totals::scheduled))
            .setDispatchedTotal(total(shards, Totals::dispatched))
            .setAckedTotal(total(shards, Totals::acked))
            .setRetriedTotal(total(shards, Totals::retried))
            .setDeadTotal(total(shards, Totals::died))
            .setCanceledTotal(total(shards, Totals::canceled))
            .setExpiredTotal(total(shards, Totals::expired))
            .setWatchers((int) sum(shards, ShardStats::watchers));
    long next = shards.stream().mapToLong(ShardStats::nextDueMs).min().orElse(Claim.NONE);
    return next == Claim.NONE ? stats.build() : stats.setNextDueTime(Times.timestamp(next)).build();
  }

  private static long total(List<ShardStats> shards, ToLongFunction<Totals> total) {
    return sum(shards, shard -> total.applyAsLong(shard.totals()));
  }

  private static long sum(List<ShardStats> shards, ToLongFunction<ShardStats> number) {
    return shards.stream().mapToLong(number).sum();
  }
}
