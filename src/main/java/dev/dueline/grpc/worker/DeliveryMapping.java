package dev.dueline.grpc.worker;

import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Durations;
import dev.dueline.access.Principal;
import dev.dueline.delivery.lease.NackRule;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.QueueName;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.operation.job.RandomId;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostReason;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.Started;
import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.WatchDueRequest;
import java.util.List;

/** Watchers and deliveries of the wire and of the domain. */
final class DeliveryMapping {
  private static final int DEFAULT_OUTSTANDING = 100;
  private static final Duration DEFAULT_LEASE = Durations.fromMillis(30_000);
  private static final Duration DEFAULT_HEARTBEAT = Durations.fromMillis(10_000);

  private DeliveryMapping() {}

  /** The settings that a watcher is told, with the defaults filled in. */
  static Started started(WatchDueRequest request) {
    int outstanding = request.getMaxOutstandingJobs();
    return Started.newBuilder()
        .setWatcherId(request.getWatcherId().isEmpty() ? RandomId.text() : request.getWatcherId())
        .setMaxOutstandingJobs(outstanding == 0 ? DEFAULT_OUTSTANDING : outstanding)
        .setLeaseDuration(
            Durations.fromMillis(leaseMs(request.hasLeaseDuration(), request.getLeaseDuration())))
        .setHeartbeatInterval(
            request.hasHeartbeatInterval() ? request.getHeartbeatInterval() : DEFAULT_HEARTBEAT)
        .setAutoExtend(request.getAutoExtend())
        .setAutoAck(request.getAutoAck())
        .setDisconnectPolicy(disconnectPolicy(request.getDisconnectPolicy()))
        .build();
  }

  private static DisconnectPolicy disconnectPolicy(DisconnectPolicy policy) {
    return policy == DisconnectPolicy.DISCONNECT_POLICY_UNSPECIFIED
        ? DisconnectPolicy.DISCONNECT_POLICY_KEEP_LEASE
        : policy;
  }

  /** The same, once the watch is there. */
  static Started started(Started settings, WatchToken watch) {
    return settings.toBuilder()
        .setWatchToken(watch.encode())
        .setReplica(Long.toHexString(watch.replica()))
        .build();
  }

  static WatchSpec watchSpec(WatchDueRequest request, Started settings, Principal owner) {
    return new WatchSpec(
        settings.getWatcherId(),
        WatchToken.ownerOf(owner.name()),
        queues(request.getQueuesList()),
        settings.getMaxOutstandingJobs(),
        Times.roundUpToMs(settings.getLeaseDuration()),
        settings.getAutoExtend(),
        settings.getAutoAck(),
        settings.getDisconnectPolicy() == DisconnectPolicy.DISCONNECT_POLICY_RELEASE);
  }

  static List<QueueName> queues(List<String> names) {
    return names.stream().map(QueueName::new).toList();
  }

  static long leaseMs(boolean isSet, Duration lease) {
    return Times.roundUpToMs(isSet ? lease : DEFAULT_LEASE);
  }

  static NackRule nackRule(NackRequest request) {
    return new NackRule(
        request.hasDelay() ? Times.roundUpToMs(request.getDelay()) : null,
        request.getDead(),
        !request.getUncounted(),
        request.getReason());
  }

  static LostLease lostLease(LeaseToken lease, LeaseEnd how) {
    return LostLease.newBuilder()
        .setQueue(lease.shard().queue().value())
        .setJobId(lease.lease().id().value())
        .setLeaseToken(lease.encode())
        .setReason(
            switch (how) {
              case EXPIRED -> LostReason.LOST_REASON_EXPIRED;
              case CANCELED -> LostReason.LOST_REASON_CANCELED;
              case SETTLED, UNKNOWN -> LostReason.LOST_REASON_OVER;
            })
        .build();
  }

  static StopWatchResponse stopped(StopOutcome outcome) {
    return StopWatchResponse.newBuilder()
        .setOutcome(
            switch (outcome) {
              case STOPPING -> StopWatchOutcome.STOP_WATCH_OUTCOME_STOPPING;
              case OVER -> StopWatchOutcome.STOP_WATCH_OUTCOME_OVER;
              case UNANSWERED -> StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED;
            })
        .build();
  }

  static DueJob dueJob(Delivery delivery) {
    StoredJob job = delivery.job();
    DueJob.Builder due =
        DueJob.newBuilder()
            .setQueue(delivery.token().shard().queue().value())
            .setJobId(job.id().value())
            .setPayload(UnsafeByteOperations.unsafeWrap(job.payload()))
            .putAllAttributes(job.attributes())
            .setLeaseToken(delivery.token().encode())
            .setLeaseExpireTime(Times.ofMs(delivery.leaseExpiryMs()))
            .setDueTime(Times.ofMs(delivery.dueMs()))
            .setDispatchTime(Times.ofMs(delivery.dispatchMs()))
            .setAttempt(delivery.attempt())
            .setMaxAttempts(job.effectiveRetryPolicy().maxAttempts())
            .setCreateTime(Times.ofMs(job.createMs()))
            .setLastFailure(delivery.failures().last())
            .setFirstFailure(delivery.failures().first());
    if (delivery.failures().hasFirst()) {
      due.setFirstFailureTime(Times.ofMs(delivery.failures().firstMs()));
    }
    if (job.series() != null) {
      due.setRunNumber(job.series().runNumber());
    }
    return due.build();
  }
}
