package dev.dueline.grpc.scheduler;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.grpc.call.CallTraces;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.TraceParent;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.ScheduleItem;
import dev.dueline.store.Scheduled;
import dev.dueline.store.ShardCalls;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ScheduleRequest;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * BatchSchedule: each item on its own. What is wrong with one, or with the call to one shard, is
 * the error of the items concerned and of no other.
 */
final class BatchScheduling {
  private final JobChecks checks;
  private final QueueDirectory directory;
  private final JobStore store;
  private final FirstRuns firstRuns;

  BatchScheduling(JobChecks checks, QueueDirectory directory, JobStore store) {
    this.checks = checks;
    this.directory = directory;
    this.store = store;
    this.firstRuns = new FirstRuns(store);
  }

  Uni<BatchScheduleResponse> schedule(BatchScheduleRequest request) {
    checks.batch(request.getRequestsCount());
    Principal caller = Caller.current();
    TraceParent trace = CallTraces.current();
    List<BatchScheduleResult> results =
        new ArrayList<>(
            Collections.nCopies(
                request.getRequestsCount(), BatchScheduleResult.getDefaultInstance()));
    Map<QueueName, List<Item>> byQueue = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      ScheduleRequest each = request.getRequests(i);
      try {
        checks.schedule(each);
        QueueName queue = new QueueName(each.getQueue());
        permit(caller, queue);
        Item item = new Item(i, queue, JobMapping.scheduleItem(each, trace));
        byQueue.computeIfAbsent(queue, name -> new ArrayList<>()).add(item);
      } catch (InvalidRequestException | RefusedException e) {
        results.set(i, error(GrpcFailures.of(e)));
      }
    }
    if (byQueue.isEmpty()) {
      return Uni.createFrom().item(response(results));
    }
    List<Uni<List<Answer>>> calls = new ArrayList<>();
    byQueue.forEach((queue, items) -> calls.add(schedule(queue, items)));
    return Uni.join()
        .all(calls)
        .andFailFast()
        .map(
            answers -> {
              answers.forEach(
                  part -> part.forEach(answer -> results.set(answer.place, answer.result)));
              return response(results);
            });
  }

  private static void permit(Principal caller, QueueName queue) {
    if (!caller.may(Permission.SCHEDULE, queue.value())) {
      throw new RefusedException(AccessFailures.denied(caller, Permission.SCHEDULE, queue.value()));
    }
  }

  private Uni<List<Answer>> schedule(QueueName queue, List<Item> items) {
    return directory
        .layout(queue)
        .chain(layout -> schedule(layout, items))
        .onFailure()
        .recoverWithItem(thrown -> failed(items, thrown));
  }

  private Uni<List<Answer>> schedule(QueueLayout layout, List<Item> items) {
    return ShardCalls.perShard(
        items, item -> layout.shardOf(item.toStore.job().id()), this::schedule);
  }

  private Uni<List<Answer>> schedule(Shard shard, List<Item> items) {
    return firstRuns
        .nowMs(shard, items.stream().map(Item::toStore).toList())
        .chain(nowMs -> schedule(shard, items, nowMs))
        .onFailure()
        .recoverWithItem(thrown -> failed(items, thrown));
  }

  private Uni<List<Answer>> schedule(Shard shard, List<Item> items, long nowMs) {
    List<Answer> answers = new ArrayList<>();
    List<Item> begun = new ArrayList<>();
    for (Item item : items) {
      try {
        begun.add(new Item(item.place, item.queue, FirstRuns.at(nowMs, item.toStore)));
      } catch (InvalidRequestException e) {
        answers.add(new Answer(item.place, error(GrpcFailures.of(e))));
      }
    }
    if (begun.isEmpty()) {
      return Uni.createFrom().item(answers);
    }
    return store
        .schedule(shard, begun.stream().map(Item::toStore).toList())
        .map(
            results -> {
              answers.addAll(answers(begun, results));
              return answers;
            });
  }

  private static List<Answer> answers(List<Item> items, List<Scheduled> results) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      answers.add(new Answer(items.get(i).place, result(items.get(i), results.get(i))));
    }
    return answers;
  }

  private static BatchScheduleResult result(Item item, Scheduled scheduled) {
    try {
      return BatchScheduleResult.newBuilder()
          .setResponse(Scheduling.answer(item.queue, item.toStore.job().id(), scheduled))
          .build();
    } catch (RefusedException e) {
      return error(e.failure());
    }
  }

  private static List<Answer> failed(List<Item> items, Throwable thrown) {
    BatchScheduleResult error = error(GrpcFailures.of(thrown));
    return items.stream().map(item -> new Answer(item.place, error)).toList();
  }

  private static BatchScheduleResult error(Failure failure) {
    return BatchScheduleResult.newBuilder().setError(failure.toItemError()).build();
  }

  private static BatchScheduleResponse response(List<BatchScheduleResult> results) {
    return BatchScheduleResponse.newBuilder().addAllResults(results).build();
  }

  /** A job that passed the checks, and its place in the request. */
  private record Item(int place, QueueName queue, ScheduleItem toStore) {}

  private record Answer(int place, BatchScheduleResult result) {}
}
