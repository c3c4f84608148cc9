package dev.dueline.grpc.scheduler;

import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Durations;
import dev.dueline.grpc.message.JobStates;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Series;
import dev.dueline.operation.job.RandomId;
import dev.dueline.operation.job.Schedule;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.v1.Job;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ScheduleRequest;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Jobs of the wire and of the domain. */
final class JobMapping {
  private JobMapping() {}

  /**
   * A job to store, with an id of our own where the request has none; a first run that the rule
   * gives is not known yet. It carries the trace of its call, unless it names one itself.
   *
   * @param deadline of the call
   */
  static Schedule.Item item(
      ScheduleRequest request, @Nullable TraceParent trace, Deadline deadline) {
    RequestId requestId = requestId(request.getRequestId());
    NewJob job =
        new NewJob(
            id(request, requestId),
            due(request),
            request.getPayload().toByteArray(),
            new TreeMap<>(request.getAttributesMap()),
            request.hasRetryPolicy() ? retryPolicy(request.getRetryPolicy()) : null,
            request.hasTtl() ? Times.roundUpToMs(request.getTtl()) : 0,
            request.hasRecurrence() ? RecurrenceMapping.recurrence(request.getRecurrence()) : null,
            null);
    return new Schedule.Item(
        new QueueName(request.getQueue()),
        new ScheduleItem(
            job.in(trace), conflictPolicy(request.getConflictPolicy()), requestId, deadline));
  }

  /** What names a request; null: nothing does. */
  static @Nullable RequestId requestId(String text) {
    return text.isEmpty() ? null : new RequestId(text);
  }

  private static JobId id(ScheduleRequest request, @Nullable RequestId requestId) {
    if (!request.getJobId().isEmpty()) {
      return new JobId(request.getJobId());
    }
    return requestId == null ? RandomId.ofJob() : RandomId.ofJob(requestId);
  }

  static Due due(RescheduleRequest request) {
    return request.hasDelay()
        ? new Due.After(Times.roundUpToMs(request.getDelay()))
        : new Due.At(Times.roundUpToMs(request.getDueTime()));
  }

  /** A job as it stands, without its payload where the view has none. */
  static Job job(QueueName queue, JobView view) {
    Job.Builder job =
        Job.newBuilder()
            .setQueue(queue.value())
            .setJobId(view.job().id().value())
            .setState(JobStates.proto(view.state()))
            .setDueTime(Times.ofMs(view.dueMs()))
            .setCreateTime(Times.ofMs(view.job().createMs()))
            .setPayload(UnsafeByteOperations.unsafeWrap(view.job().payload()))
            .putAllAttributes(view.job().attributes())
            .setRetryPolicy(retryPolicy(view.job().effectiveRetryPolicy()))
            .setFailedAttempts(view.failedAttempts())
            .setLastFailure(view.failures().last())
            .setFirstFailure(view.failures().first());
    if (view.failures().hasFirst()) {
      job.setFirstFailureTime(Times.ofMs(view.failures().firstMs()));
    }
    if (view.job().ttlMs() > 0) {
      job.setTtl(Durations.fromMillis(view.job().ttlMs()));
    }
    Series series = view.job().series();
    if (series != null) {
      RecurrenceMapping.addSeries(job, series);
    }
    if (view.state() == JobState.LEASED) {
      job.setLeaseExpireTime(Times.ofMs(view.stateMs()));
    }
    return job.build();
  }

  private static Due due(ScheduleRequest request) {
    return switch (request.getWhenCase()) {
      case DUE_TIME -> new Due.At(Times.roundUpToMs(request.getDueTime()));
      case DELAY -> new Due.After(Times.roundUpToMs(request.getDelay()));
      case WHEN_NOT_SET -> request.hasRecurrence() ? new Due.ByRule(0) : new Due.After(0);
    };
  }

  private static ConflictPolicy conflictPolicy(dev.dueline.v1.ConflictPolicy policy) {
    return switch (policy) {
      case CONFLICT_POLICY_UNSPECIFIED, CONFLICT_POLICY_REJECT -> ConflictPolicy.REJECT;
      case CONFLICT_POLICY_KEEP -> ConflictPolicy.KEEP;
      case CONFLICT_POLICY_REPLACE -> ConflictPolicy.REPLACE;
      case CONFLICT_POLICY_REPLACE_IF_EARLIER -> ConflictPolicy.REPLACE_IF_EARLIER;
      case CONFLICT_POLICY_REPLACE_IF_LATER -> ConflictPolicy.REPLACE_IF_LATER;
      case UNRECOGNIZED -> throw unchecked(policy);
    };
  }

  private static RetryPolicy retryPolicy(dev.dueline.v1.RetryPolicy policy) {
    RetryPolicy defaults = RetryPolicy.DEFAULT;
    return new RetryPolicy(
        policy.getMaxAttempts() == 0 ? defaults.maxAttempts() : policy.getMaxAttempts(),
        policy.hasInitialBackoff()
            ? Times.roundUpToMs(policy.getInitialBackoff())
            : defaults.initialBackoffMs(),
        policy.hasMaxBackoff()
            ? Times.roundUpToMs(policy.getMaxBackoff())
            : defaults.maxBackoffMs(),
        policy.getMultiplier() == 0 ? defaults.multiplier() : policy.getMultiplier(),
        policy.hasJitter() ? policy.getJitter() : defaults.jitter());
  }

  private static dev.dueline.v1.RetryPolicy retryPolicy(RetryPolicy policy) {
    Duration initial = Durations.fromMillis(policy.initialBackoffMs());
    return dev.dueline.v1.RetryPolicy.newBuilder()
        .setMaxAttempts(policy.maxAttempts())
        .setInitialBackoff(initial)
        .setMaxBackoff(Durations.fromMillis(policy.maxBackoffMs()))
        .setMultiplier(policy.multiplier())
        .setJitter(policy.jitter())
        .build();
  }

  private static IllegalArgumentException unchecked(Enum<?> value) {
    return new IllegalArgumentException("passed the checks: " + value);
  }
}
