package dev.dueline.grpc.call;

import com.google.protobuf.ProtocolStringList;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.grpc.message.ScalerMetadata;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.DeleteQueueRequest;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.keda.externalscaler.ExternalScalerGrpc;

/**
 * The one table of what each call needs, and of which queues. A call that is not in it is granted
 * to nobody; a test holds it against the contract.
 */
public final class RequestRules {
  /** All calls of KEDA's contract, which only look. */
  private static final List<MethodDescriptor<?, ?>> SCALER =
      List.of(
          ExternalScalerGrpc.getIsActiveMethod(),
          ExternalScalerGrpc.getStreamIsActiveMethod(),
          ExternalScalerGrpc.getGetMetricSpecMethod(),
          ExternalScalerGrpc.getGetMetricsMethod(),
          ExternalScalerGrpc.getStreamMetricSpecMethod());

  private static final Map<String, RequestRule<?>> BY_METHOD = table();

  /** Calls that only look, or that end with their stream. */
  private static final Set<String> PASSING =
      Stream.concat(
              SCALER.stream(),
              Stream.of(
                  SchedulerServiceGrpc.getGetJobMethod(),
                  SchedulerServiceGrpc.getListJobsMethod(),
                  SchedulerServiceGrpc.getWatchDueMethod(),
                  QueueServiceGrpc.getListQueuesMethod(),
                  QueueServiceGrpc.getGetQueueMethod(),
                  QueueServiceGrpc.getCountJobsMethod(),
                  QueueServiceGrpc.getListWatchersMethod()))
          .map(MethodDescriptor::getFullMethodName)
          .collect(Collectors.toUnmodifiableSet());

  private RequestRules() {}

  /** What a call needs; null: nobody may make it. */
  public static @Nullable RequestRule<?> of(String fullMethodName) {
    return BY_METHOD.get(fullMethodName);
  }

  /** Whether a call does something that stays done when its caller has gone. */
  static boolean changesSomething(String fullMethodName) {
    return !PASSING.contains(fullMethodName);
  }

  private static Map<String, RequestRule<?>> table() {
    Table table = new Table();
    schedule(table);
    watch(table);
    read(table);
    operate(table);
    scale(table);
    return Map.copyOf(table.rules);
  }

  private static void schedule(Table table) {
    table.add(
        SchedulerServiceGrpc.getScheduleMethod(),
        Permission.SCHEDULE,
        one(ScheduleRequest::getQueue));
    // Each item is refused on its own, by BatchScheduleCall.
    table.add(
        SchedulerServiceGrpc.getBatchScheduleMethod(), Permission.SCHEDULE, request -> List.of());
    table.add(
        SchedulerServiceGrpc.getCancelMethod(), Permission.SCHEDULE, one(CancelRequest::getQueue));
    table.add(
        SchedulerServiceGrpc.getBatchCancelMethod(),
        Permission.SCHEDULE,
        (BatchCancelRequest request) ->
            request.getRequestsList().stream().map(CancelRequest::getQueue).distinct().toList());
    table.add(
        SchedulerServiceGrpc.getRescheduleMethod(),
        Permission.SCHEDULE,
        one(RescheduleRequest::getQueue));
    table.add(
        SchedulerServiceGrpc.getGetJobMethod(), Permission.SCHEDULE, one(GetJobRequest::getQueue));
    table.add(
        SchedulerServiceGrpc.getListJobsMethod(),
        Permission.SCHEDULE,
        one(ListJobsRequest::getQueue));
  }

  private static void watch(Table table) {
    table.add(
        SchedulerServiceGrpc.getWatchDueMethod(), Permission.WATCH, WatchDueRequest::getQueuesList);
    // Whoever may watch may stop its own watches, which WatchCall looks at.
    table.add(
        SchedulerServiceGrpc.getStopWatchMethod(),
        Permission.WATCH,
        (StopWatchRequest request) -> List.of());
    table.add(
        SchedulerServiceGrpc.getPullDueMethod(), Permission.WATCH, PullDueRequest::getQueuesList);
    table.add(
        SchedulerServiceGrpc.getAckMethod(),
        Permission.WATCH,
        tokens(AckRequest::getLeaseTokensList));
    table.add(
        SchedulerServiceGrpc.getNackMethod(),
        Permission.WATCH,
        tokens(NackRequest::getLeaseTokensList));
    table.add(
        SchedulerServiceGrpc.getExtendLeaseMethod(),
        Permission.WATCH,
        tokens(ExtendLeaseRequest::getLeaseTokensList));
  }

  private static void read(Table table) {
    // Shows only queues that the caller may read.
    table.add(QueueServiceGrpc.getListQueuesMethod(), Permission.READ, request -> List.of());
    table.add(
        QueueServiceGrpc.getGetQueueMethod(), Permission.READ, one(GetQueueRequest::getQueue));
    table.add(
        QueueServiceGrpc.getCountJobsMethod(), Permission.READ, one(CountJobsRequest::getQueue));
    table.add(
        QueueServiceGrpc.getListWatchersMethod(),
        Permission.READ,
        one(ListWatchersRequest::getQueue));
  }

  private static void operate(Table table) {
    table.add(
        QueueServiceGrpc.getPauseQueueMethod(),
        Permission.OPERATE,
        one(PauseQueueRequest::getQueue));
    table.add(
        QueueServiceGrpc.getResumeQueueMethod(),
        Permission.OPERATE,
        one(ResumeQueueRequest::getQueue));
    table.add(
        QueueServiceGrpc.getSetQueueLimitsMethod(),
        Permission.OPERATE,
        one(SetQueueLimitsRequest::getQueue));
    table.add(
        QueueServiceGrpc.getSetQueueDeliveryMethod(),
        Permission.OPERATE,
        one(SetQueueDeliveryRequest::getQueue));
    table.add(
        QueueServiceGrpc.getPurgeQueueMethod(),
        Permission.OPERATE,
        one(PurgeQueueRequest::getQueue));
    table.add(
        QueueServiceGrpc.getDeleteQueueMethod(),
        Permission.OPERATE,
        one(DeleteQueueRequest::getQueue));
    table.add(
        QueueServiceGrpc.getRedriveDeadJobsMethod(),
        Permission.OPERATE,
        one(RedriveDeadJobsRequest::getQueue));
  }

  private static void scale(Table table) {
    SCALER.forEach(method -> table.add(method, Permission.READ, one(ScalerMetadata::queue)));
  }

  private static <Q> Function<Q, List<String>> one(Function<Q, String> queue) {
    return request -> List.of(queue.apply(request));
  }

  /** The queues that lease tokens name; a token that was never issued names none. */
  private static <Q> Function<Q, List<String>> tokens(Function<Q, ProtocolStringList> tokens) {
    return request ->
        tokens.apply(request).stream()
            .flatMap(text -> LeaseToken.decode(text).stream())
            .map(token -> token.shard().queue().value())
            .distinct()
            .toList();
  }

  /**
   * What one call needs.
   *
   * @param queues those that a request is about
   */
  public record RequestRule<Q>(Permission permission, Function<Q, List<String>> queues) {
    /**
     * The first queue of the request that the principal lacks the permission for; null: it has it
     * for all. A name that no queue can have is left to the checks of requests.
     */
    @SuppressWarnings("unchecked")
    public @Nullable String denied(Principal principal, Object request) {
      for (String queue : queues.apply((Q) request)) {
        if (QueueName.isValid(queue) && !principal.may(permission, queue)) {
          return queue;
        }
      }
      return null;
    }
  }

  private static final class Table {
    private final Map<String, RequestRule<?>> rules = new HashMap<>();

    <Q> void add(
        MethodDescriptor<Q, ?> method, Permission permission, Function<Q, List<String>> queues) {
      rules.put(method.getFullMethodName(), new RequestRule<>(permission, queues));
    }
  }
}
