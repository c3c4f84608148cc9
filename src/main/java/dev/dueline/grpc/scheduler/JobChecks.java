package dev.dueline.grpc.scheduler;

import com.google.protobuf.Duration;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.store.call.RequestId;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What must hold for requests on jobs. Each method throws with all that is wrong. */
final class JobChecks {
  /** Most items of a batch, by contract. */
  private static final int MAX_BATCH = 1_000;

  /** A ttl of zero would drop each job before it can be delivered. */
  private static final java.time.Duration SHORTEST_TTL = java.time.Duration.ofNanos(1);

  private final RequestLimits limits;
  private final RecurrenceChecks recurrences;

  JobChecks(RequestLimits limits) {
    if (limits.maxBatch() < 1 || limits.maxBatch() > MAX_BATCH) {
      throw new IllegalArgumentException("dueline.limits.max-batch must be 1 to " + MAX_BATCH);
    }
    this.limits = limits;
    this.recurrences = new RecurrenceChecks(limits);
  }

  void schedule(ScheduleRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    if (!request.getJobId().isEmpty()) {
      fields.jobId(request.getJobId());
    }
    requestId(fields, request.getRequestId());
    switch (request.getWhenCase()) {
      case DUE_TIME -> fields.dueTime(request.getDueTime());
      case DELAY -> delay(fields, "delay", request.getDelay());
      case WHEN_NOT_SET -> {}
    }
    fields.require(
        request.getPayload().size() <= limits.maxPayloadBytes(),
        "payload",
        "must be at most " + limits.maxPayloadBytes() + " bytes");
    attributes(fields, request.getAttributesMap());
    if (request.hasRetryPolicy()) {
      retryPolicy(fields.in("retry_policy"), request.getRetryPolicy());
    }
    if (request.hasTtl()) {
      fields.duration("ttl", request.getTtl(), SHORTEST_TTL, limits.maxDelay());
    }
    fields.known("conflict_policy", request.getConflictPolicy());
    if (request.hasRecurrence()) {
      recurrences.check(fields, request);
    }
    fields.throwIfAny();
  }

  void batch(int count) {
    FieldChecks fields = new FieldChecks();
    fields.count("requests", count, limits.maxBatch());
    fields.throwIfAny();
  }

  void cancel(CancelRequest request) {
    FieldChecks fields = new FieldChecks();
    cancel(fields, request);
    fields.throwIfAny();
  }

  void batchCancel(List<CancelRequest> requests) {
    batch(requests.size());
    FieldChecks fields = new FieldChecks();
    for (int i = 0; i < requests.size(); i++) {
      cancel(fields.in("requests[" + i + "]"), requests.get(i));
    }
    fields.throwIfAny();
  }

  private void cancel(FieldChecks fields, CancelRequest request) {
    jobName(fields, request.getQueue(), request.getJobId());
    requestId(fields, request.getRequestId());
  }

  void reschedule(RescheduleRequest request) {
    FieldChecks fields = new FieldChecks();
    jobName(fields, request.getQueue(), request.getJobId());
    switch (request.getWhenCase()) {
      case DUE_TIME -> fields.dueTime(request.getDueTime());
      case DELAY -> delay(fields, "delay", request.getDelay());
      case WHEN_NOT_SET ->
          fields.require(false, "delay", "must be set, or due_time; 0 s runs the job now");
    }
    fields.throwIfAny();
  }

  void getJob(GetJobRequest request) {
    FieldChecks fields = new FieldChecks();
    jobName(fields, request.getQueue(), request.getJobId());
    fields.throwIfAny();
  }

  void listJobs(ListJobsRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    fields.known("state", request.getState());
    fields.timestamp("start_time", request.getStartTime());
    fields.timestamp("end_time", request.getEndTime());
    fields.number("page_size", request.getPageSize(), 0, Integer.MAX_VALUE);
    fields.throwIfAny();
  }

  private void jobName(FieldChecks fields, String queue, String jobId) {
    fields.queue("queue", queue);
    fields.jobId(jobId);
  }

  private void requestId(FieldChecks fields, String requestId) {
    if (!requestId.isEmpty()) {
      fields.require(
          RequestId.isValid(requestId),
          "request_id",
          "must be at most " + RequestId.MAX_BYTES + " bytes of UTF-8 without control characters");
    }
  }

  private void delay(FieldChecks fields, String field, Duration delay) {
    fields.duration(field, delay, java.time.Duration.ZERO, limits.maxDelay());
  }

  private void attributes(FieldChecks fields, Map<String, String> attributes) {
    fields.require(
        attributes.size() <= limits.maxAttributes(),
        "attributes",
        "must have at most " + limits.maxAttributes() + " entries");
    fields.require(!attributes.containsKey(""), "attributes", "must not have an empty name");
    long bytes = 0;
    for (Map.Entry<String, String> each : attributes.entrySet()) {
      bytes += each.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += each.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    fields.require(
        bytes <= limits.maxAttributesBytes(),
        "attributes",
        "must be at most " + limits.maxAttributesBytes() + " bytes in all");
  }

  private void retryPolicy(FieldChecks fields, RetryPolicy policy) {
    fields.number("max_attempts", policy.getMaxAttempts(), 0, Integer.MAX_VALUE);
    if (policy.hasInitialBackoff()) {
      delay(fields, "initial_backoff", policy.getInitialBackoff());
    }
    if (policy.hasMaxBackoff()) {
      delay(fields, "max_backoff", policy.getMaxBackoff());
    }
    double multiplier = policy.getMultiplier();
    fields.require(
        multiplier == 0 || (multiplier >= 1 && multiplier <= Double.MAX_VALUE),
        "multiplier",
        "must be a number of at least 1, or 0 for the default");
    fields.require(
        !policy.hasJitter() || (policy.getJitter() >= 0 && policy.getJitter() <= 1),
        "jitter",
        "must be a number between 0 and 1");
  }
}
