package dev.dueline.grpc.scheduler;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.grpc.call.CallDeadlines;
import dev.dueline.grpc.call.CallTraces;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.job.TraceParent;
import dev.dueline.operation.job.Schedule;
import dev.dueline.operation.job.Schedule.Result;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.Scheduled;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ScheduleRequest;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** BatchSchedule: what is wrong with one item is the error of that item and of no other. */
final class BatchScheduleCall {
  private final JobChecks checks;
  private final Schedule schedule;

  BatchScheduleCall(JobChecks checks, Schedule schedule) {
    this.checks = checks;
    this.schedule = schedule;
  }

  Uni<BatchScheduleResponse> schedule(BatchScheduleRequest request) {
    checks.batch(request.getRequestsCount());
    Principal caller = Caller.current();
    TraceParent trace = CallTraces.current();
    Deadline deadline = CallDeadlines.current();
    BatchScheduleResult[] results = new BatchScheduleResult[request.getRequestsCount()];
    List<Integer> places = new ArrayList<>();
    List<Schedule.Item> items = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      try {
        ScheduleRequest item = request.getRequests(i);
        check(item, caller);
        items.add(JobMapping.item(item, trace, deadline));
        places.add(i);
      } catch (InvalidRequestException | RefusedException e) {
        results[i] = error(GrpcFailures.of(e));
      }
    }
    return schedule
        .each(items)
        .map(
            decided -> {
              Map<Throwable, BatchScheduleResult> failures = new IdentityHashMap<>();
              for (int i = 0; i < places.size(); i++) {
                results[places.get(i)] = result(items.get(i), decided.get(i), failures);
              }
              return BatchScheduleResponse.newBuilder()
                  .addAllResults(Arrays.asList(results))
                  .build();
            });
  }

  private void check(ScheduleRequest request, Principal caller) {
    checks.schedule(request);
    if (!caller.may(Permission.SCHEDULE, request.getQueue())) {
      throw new RefusedException(
          AccessFailures.denied(caller, Permission.SCHEDULE, request.getQueue()));
    }
  }

  /**
   * What the caller is told of one item.
   *
   * @param failures those of this batch so far: one that many items share is made, and logged, once
   */
  private static BatchScheduleResult result(
      Schedule.Item item, Result result, Map<Throwable, BatchScheduleResult> failures) {
    if (result instanceof Result.Failed failed) {
      return failures.computeIfAbsent(failed.cause(), cause -> error(GrpcFailures.of(cause)));
    }
    Scheduled scheduled = ((Result.Decided) result).scheduled();
    try {
      return BatchScheduleResult.newBuilder()
          .setResponse(ScheduleCalls.response(item, scheduled))
          .build();
    } catch (RefusedException e) {
      return error(e.failure());
    }
  }

  private static BatchScheduleResult error(Failure failure) {
    return BatchScheduleResult.newBuilder().setError(failure.toItemError()).build();
  }
}
