package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.call.CallDeadlines;
import dev.dueline.grpc.call.CallTraces;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.JobFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.grpc.failure.RepeatFailures;
import dev.dueline.grpc.message.JobStates;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Schedule;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Scheduled;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.smallrye.mutiny.Uni;

/** Schedule and Reschedule. */
final class ScheduleCalls {
  private final JobChecks checks;
  private final Schedule schedule;

  ScheduleCalls(JobChecks checks, Schedule schedule) {
    this.checks = checks;
    this.schedule = schedule;
  }

  Uni<ScheduleResponse> schedule(ScheduleRequest request) {
    checks.schedule(request);
    Schedule.Item item = JobMapping.item(request, CallTraces.current(), CallDeadlines.current());
    return schedule.one(item).map(scheduled -> response(item, scheduled));
  }

  Uni<RescheduleResponse> reschedule(RescheduleRequest request) {
    checks.reschedule(request);
    QueueName queue = new QueueName(request.getQueue());
    JobId id = new JobId(request.getJobId());
    return schedule
        .move(queue, id, JobMapping.due(request))
        .map(moved -> response(queue, id, moved));
  }

  /** What the caller is told of one job; throws {@link RefusedException}. */
  static ScheduleResponse response(Schedule.Item item, Scheduled scheduled) {
    JobId id = item.job().job().id();
    ScheduleOutcome told =
        switch (scheduled.outcome()) {
          case CREATED, WAS_CREATED -> ScheduleOutcome.SCHEDULE_OUTCOME_CREATED;
          case REPLACED, WAS_REPLACED -> ScheduleOutcome.SCHEDULE_OUTCOME_REPLACED;
          case UNCHANGED, WAS_UNCHANGED -> ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED;
          case ID_TAKEN ->
              throw new RefusedException(
                  JobFailures.jobExists(item.queue(), id, scheduled.state() == JobState.DEAD));
          case ID_LEASED ->
              throw new RefusedException(JobFailures.jobNotReplaceable(item.queue(), id));
          case QUEUE_FULL -> throw new RefusedException(GrpcFailures.queueFull(item.queue()));
          case AFTER_END -> throw new RefusedException(GrpcFailures.endsEarly());
          case REQUEST_ID_REUSED ->
              throw new RefusedException(RepeatFailures.requestIdReused(item.queue(), id));
          case TOO_LATE -> throw new RefusedException(RepeatFailures.notInTime());
        };
    ScheduleResponse.Builder response =
        ScheduleResponse.newBuilder()
            .setJobId(id.value())
            .setDueTime(Times.ofMs(scheduled.dueMs()))
            .setJobState(JobStates.proto(scheduled.state()));
    return scheduled.outcome().isRepeated()
        ? response
            .setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED)
            .setFirstOutcome(told)
            .build()
        : response.setOutcome(told).build();
  }

  private static RescheduleResponse response(QueueName queue, JobId id, Rescheduled moved) {
    return switch (moved.outcome()) {
      case MOVED -> RescheduleResponse.newBuilder().setDueTime(Times.ofMs(moved.dueMs())).build();
      case LEASED -> throw new RefusedException(JobFailures.jobNotMovable(queue, id));
      case NOT_FOUND -> throw new RefusedException(JobFailures.jobNotFound(queue, id));
      case AFTER_END -> throw new RefusedException(JobFailures.afterEnd(queue, id));
      case QUEUE_FULL -> throw new RefusedException(GrpcFailures.queueFull(queue));
    };
  }
}
