package dev.dueline.grpc.worker;

import com.google.protobuf.Duration;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.message.Times;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.WatchDueRequest;
import java.util.Optional;

/** What must hold for requests on deliveries. Each method throws with all that is wrong. */
public final class LeaseChecks {
  private static final int MAX_PULLED = 1_000;
  private static final int MAX_WATCHER_ID_BYTES = 128;
  private static final int MAX_REASON_BYTES = 1_024;
  private static final java.time.Duration SHORTEST_LEASE = java.time.Duration.ofSeconds(1);
  private static final java.time.Duration SHORTEST_TIMEOUT = java.time.Duration.ofSeconds(1);
  private static final java.time.Duration SHORTEST_HEARTBEAT = java.time.Duration.ofSeconds(1);
  private static final java.time.Duration LONGEST_HEARTBEAT = java.time.Duration.ofSeconds(60);

  private final RequestLimits limits;

  public LeaseChecks(RequestLimits limits) {
    this.limits = limits;
  }

  public void watchDue(WatchDueRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queues(request.getQueuesList(), limits.maxQueues());
    fields.text("watcher_id", request.getWatcherId(), MAX_WATCHER_ID_BYTES);
    fields.require(
        request.getWatcherId().chars().noneMatch(Character::isISOControl),
        "watcher_id",
        "must have no control characters");
    fields.number(
        "max_outstanding_jobs", request.getMaxOutstandingJobs(), 0, limits.maxOutstanding());
    if (request.hasLeaseDuration()) {
      lease(fields, request.getLeaseDuration());
    }
    fields.known("disconnect_policy", request.getDisconnectPolicy());
    fields.require(
        !(request.getAutoAck() && request.getAutoExtend()),
        "auto_extend",
        "must be unset where auto_ack is set: a job is done when it is written, and has no lease");
    fields.require(
        !(request.getAutoAck()
            && request.getDisconnectPolicy() == DisconnectPolicy.DISCONNECT_POLICY_RELEASE),
        "disconnect_policy",
        "must not be RELEASE where auto_ack is set: a job is done when it is written");
    if (request.hasHeartbeatInterval()) {
      fields.duration(
          "heartbeat_interval",
          request.getHeartbeatInterval(),
          SHORTEST_HEARTBEAT,
          LONGEST_HEARTBEAT);
    }
    fields.throwIfAny();
  }

  /** Gives the token. */
  public WatchToken stopWatch(StopWatchRequest request) {
    FieldChecks fields = new FieldChecks();
    Optional<WatchToken> token = WatchToken.decode(request.getWatchToken());
    fields.require(
        token.isPresent(), "watch_token", "must be the watch_token of a Started event, unchanged");
    if (request.hasTimeout()) {
      fields.duration("timeout", request.getTimeout(), SHORTEST_TIMEOUT, limits.maxLease());
    }
    fields.throwIfAny();
    return token.orElseThrow();
  }

  /**
   * How long a stopped watch may take: as long as the longest lease, where the request is silent.
   */
  public java.time.Duration stopTimeout(StopWatchRequest request) {
    return request.hasTimeout() ? Times.exact(request.getTimeout()) : limits.maxLease();
  }

  public void pullDue(PullDueRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queues(request.getQueuesList(), limits.maxQueues());
    fields.number("max_jobs", request.getMaxJobs(), 0, MAX_PULLED);
    if (request.hasLeaseDuration()) {
      lease(fields, request.getLeaseDuration());
    }
    fields.duration("wait_time", request.getWaitTime(), java.time.Duration.ZERO, limits.maxWait());
    fields.throwIfAny();
  }

  public void ack(AckRequest request) {
    FieldChecks fields = new FieldChecks();
    tokens(fields, request.getLeaseTokensCount());
    fields.throwIfAny();
  }

  public void nack(NackRequest request) {
    FieldChecks fields = new FieldChecks();
    tokens(fields, request.getLeaseTokensCount());
    fields.duration("delay", request.getDelay(), java.time.Duration.ZERO, limits.maxDelay());
    fields.require(
        !(request.getDead() && request.hasDelay()),
        "delay",
        "must be unset where dead is set: dead jobs are not delivered again");
    fields.text("reason", request.getReason(), MAX_REASON_BYTES);
    fields.throwIfAny();
  }

  public void extendLease(ExtendLeaseRequest request) {
    FieldChecks fields = new FieldChecks();
    tokens(fields, request.getLeaseTokensCount());
    lease(fields, request.getLeaseDuration());
    fields.throwIfAny();
  }

  private void tokens(FieldChecks fields, int count) {
    fields.count("lease_tokens", count, BoundedRequests.MAX_ITEMS);
  }

  private void lease(FieldChecks fields, Duration lease) {
    fields.duration("lease_duration", lease, SHORTEST_LEASE, limits.maxLease());
  }
}
