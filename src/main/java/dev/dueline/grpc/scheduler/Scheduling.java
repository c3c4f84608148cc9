package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.call.CallTraces;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.Rescheduled;
import dev.dueline.store.ScheduleItem;
import dev.dueline.store.Scheduled;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Schedule and Reschedule. */
final class Scheduling {
  private final JobChecks checks;
  private final QueueDirectory directory;
  private final JobStore store;
  private final FirstRuns firstRuns;

  Scheduling(JobChecks checks, QueueDirectory directory, JobStore store) {
    this.checks = checks;
    this.directory = directory;
    this.store = store;
    this.firstRuns = new FirstRuns(store);
  }

  Uni<ScheduleResponse> schedule(ScheduleRequest request) {
    checks.schedule(request);
    QueueName queue = new QueueName(request.getQueue());
    ScheduleItem item = JobMapping.scheduleItem(request, CallTraces.current());
    return directory
        .layout(queue)
        .chain(layout -> schedule(layout.shardOf(item.job().id()), item))
        .map(results -> answer(queue, item.job().id(), results.get(0)));
  }

  Uni<RescheduleResponse> reschedule(RescheduleRequest request) {
    checks.reschedule(request);
    QueueName queue = new QueueName(request.getQueue());
    JobId id = new JobId(request.getJobId());
    return directory
        .find(queue)
        .chain(found -> reschedule(found, request, id))
        .map(result -> answer(queue, id, result));
  }

  private Uni<List<Scheduled>> schedule(Shard shard, ScheduleItem item) {
    return firstRuns
        .nowMs(shard, List.of(item))
        .chain(nowMs -> store.schedule(shard, List.of(FirstRuns.at(nowMs, item))));
  }

  /** What the caller is told of one job; throws {@link RefusedException}. */
  static ScheduleResponse answer(QueueName queue, JobId id, Scheduled result) {
    return switch (result.outcome()) {
      case CREATED -> response(id, result, ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
      case REPLACED -> response(id, result, ScheduleOutcome.SCHEDULE_OUTCOME_REPLACED);
      case UNCHANGED -> response(id, result, ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED);
      case ID_TAKEN -> throw new RefusedException(GrpcFailures.jobExists(queue, id));
      case ID_LEASED -> throw new RefusedException(GrpcFailures.jobNotReplaceable(queue, id));
      case QUEUE_FULL -> throw new RefusedException(GrpcFailures.queueFull(queue));
    };
  }

  private static ScheduleResponse response(JobId id, Scheduled result, ScheduleOutcome outcome) {
    return ScheduleResponse.newBuilder()
        .setJobId(id.value())
        .setDueTime(Times.timestamp(result.dueMs()))
        .setOutcome(outcome)
        .build();
  }

  private Uni<Rescheduled> reschedule(
      Optional<QueueLayout> layout, RescheduleRequest request, JobId id) {
    return layout.isEmpty()
        ? Uni.createFrom().item(new Rescheduled(Rescheduled.Outcome.NOT_FOUND, 0))
        : store.reschedule(layout.get().shardOf(id), id, JobMapping.due(request));
  }

  private static RescheduleResponse answer(QueueName queue, JobId id, Rescheduled result) {
    return switch (result.outcome()) {
      case MOVED ->
          RescheduleResponse.newBuilder().setDueTime(Times.timestamp(result.dueMs())).build();
      case LEASED -> throw new RefusedException(GrpcFailures.jobNotMovable(queue, id));
      case NOT_FOUND -> throw new RefusedException(GrpcFailures.jobNotFound(queue, id));
    };
  }
}
