package dev.dueline.grpc.queue;

import dev.dueline.grpc.message.Times;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.QueueLimits.Part;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.WatcherDelivery;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Queues of the wire and of the domain. */
final class QueueMapping {
  /** What a mask may name: the fields of QueueLimits. */
  static final Map<String, Part> PARTS =
      Map.of(
          "max_dispatches_per_second", Part.RATE,
          "max_outstanding_jobs", Part.OUTSTANDING,
          "max_pending_jobs", Part.PENDING);

  /** In a mask: every field. */
  static final String ALL = "*";

  private static final String DEFAULT_GROUP = "workers";
  private static final long DEFAULT_STREAM_LENGTH = 10_000;

  private QueueMapping() {}

  static Queue queue(QueueView view) {
    return Queue.newBuilder()
        .setName(view.layout().queue().value())
        .setPaused(view.isPaused())
        .setLimits(limits(view.limits()))
        .setStats(stats(view))
        .setShards(view.layout().shardCount())
        .setDelivery(delivery(view))
        .build();
  }

  private static QueueDelivery delivery(QueueView view) {
    RedisStreamTarget target = view.target();
    if (target == null) {
      return QueueDelivery.newBuilder().setWatchers(WatcherDelivery.getDefaultInstance()).build();
    }
    StreamDelivery stream =
        StreamDelivery.newBuilder()
            .setConsumerGroup(target.group())
            .setMaxStreamLength(target.maxLength())
            .addAllStreamKeys(view.streamKeys())
            .build();
    return QueueDelivery.newBuilder().setStream(stream).build();
  }

  /** Where a request wants due jobs to go; null: to watchers. */
  static @Nullable RedisStreamTarget target(QueueDelivery delivery) {
    if (!delivery.hasStream()) {
      return null;
    }
    StreamDelivery stream = delivery.getStream();
    return new RedisStreamTarget(
        stream.getConsumerGroup().isEmpty() ? DEFAULT_GROUP : stream.getConsumerGroup(),
        stream.getMaxStreamLength() == 0 ? DEFAULT_STREAM_LENGTH : stream.getMaxStreamLength());
  }

  /** The limits to set: those that the mask names, all without one, or with "*". */
  static Change change(SetQueueLimitsRequest request) {
    dev.dueline.job.QueueLimits limits = limits(request.getLimits());
    List<String> paths = request.getUpdateMask().getPathsList();
    return paths.isEmpty() || paths.contains(ALL)
        ? Change.to(limits)
        : new Change(limits, paths.stream().map(PARTS::get).collect(Collectors.toSet()));
  }

  private static dev.dueline.job.QueueLimits limits(QueueLimits limits) {
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

  private static QueueStats stats(QueueView view) {
    QueueStats.Builder stats =
        QueueStats.newBuilder()
            .setPendingJobs(view.sum(ShardStats::pending))
            .setDueJobs(view.sum(ShardStats::due))
            .setLeasedJobs(view.sum(ShardStats::leased))
            .setDeadJobs(view.sum(ShardStats::dead))
            .setScheduledTotal(view.total(Totals::scheduled))
            .setDispatchedTotal(view.total(Totals::dispatched))
            .setAckedTotal(view.total(Totals::acked))
            .setRetriedTotal(view.total(Totals::retried))
            .setDeadTotal(view.total(Totals::died))
            .setCanceledTotal(view.total(Totals::canceled))
            .setExpiredTotal(view.total(Totals::expired))
            .setWatchers((int) view.sum(ShardStats::watchers));
    long nextDueMs = view.nextDueMs();
    return nextDueMs == Claim.NONE
        ? stats.build()
        : stats.setNextDueTime(Times.ofMs(nextDueMs)).build();
  }
}
