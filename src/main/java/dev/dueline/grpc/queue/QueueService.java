package dev.dueline.grpc.queue;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.delivery.news.WatcherSurvey.Place;
import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.JobStates;
import dev.dueline.grpc.message.PageSize;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.operation.queue.QueuePlace;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.CountJobsResponse;
import dev.dueline.v1.DeleteQueueRequest;
import dev.dueline.v1.DeleteQueueResponse;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.GetQueueResponse;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PauseQueueResponse;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RedriveDeadJobsResponse;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ResumeQueueResponse;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueDeliveryResponse;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.SetQueueLimitsResponse;
import dev.dueline.v1.UnreadableQueue;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;

/** The RPCs for operators: each checks its request, and maps it to its operation. Never blocks. */
@GrpcService
public class QueueService implements QueueServiceGrpc.AsyncService, BindableService {
  private final RequestLimits limits;
  private final QueueChecks checks;
  private final QueueOperations operations;
  private final InstantSource clock;

  /**
   * The service over its operations.
   *
   * @param clock by which it tells when watchers came
   */
  @Inject
  public QueueService(RequestLimits limits, QueueOperations operations, InstantSource clock) {
    this.limits = limits;
    this.checks = new QueueChecks(limits);
    this.operations = operations;
    this.clock = clock;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(QueueServiceGrpc.bindService(this), limits);
  }

  @Override
  public void listQueues(ListQueuesRequest request, StreamObserver<ListQueuesResponse> caller) {
    Answers.whileWanted(caller, () -> list(request), unwanted -> {});
  }

  private Uni<ListQueuesResponse> list(ListQueuesRequest request) {
    QueuePlace from = checks.list(request);
    Principal caller = Caller.current();
    QueuePatterns visible = caller.granted(Permission.READ);
    int size = PageSize.of(request.getPageSize());
    String prefix = request.getNamePrefix();
    return operations
        .reads()
        .list(caller.name(), visible, prefix, size, from)
        .map(
            page -> {
              ListQueuesResponse.Builder response = ListQueuesResponse.newBuilder();
              page.queues().forEach(view -> response.addQueues(QueueMapping.queue(view)));
              page.failed()
                  .forEach(
                      (name, why) ->
                          response.addUnreadableQueues(
                              UnreadableQueue.newBuilder()
                                  .setName(name.value())
                                  .setError(GrpcFailures.of(why).toItemError())));
              page.next()
                  .ifPresent(end -> response.setNextPageToken(QueuePageToken.encode(prefix, end)));
              return response.build();
            });
  }

  @Override
  public void getQueue(GetQueueRequest request, StreamObserver<GetQueueResponse> caller) {
    Answers.whileWanted(
        caller,
        () ->
            operations
                .reads()
                .find(Caller.current().name(), checks.queue(request.getQueue()))
                .map(QueueMapping::queue)
                .map(queue -> GetQueueResponse.newBuilder().setQueue(queue).build()),
        unwanted -> {});
  }

  @Override
  public void countJobs(CountJobsRequest request, StreamObserver<CountJobsResponse> caller) {
    Answers.whileWanted(
        caller,
        () -> {
          List<Long> boundariesMs = checks.count(request);
          return operations
              .reads()
              .count(
                  Caller.current().name(),
                  new QueueName(request.getQueue()),
                  JobStates.of(request.getState()),
                  boundariesMs)
              .map(counts -> CountJobsResponse.newBuilder().addAllCounts(counts).build());
        },
        unwanted -> {});
  }

  @Override
  public void listWatchers(
      ListWatchersRequest request, StreamObserver<ListWatchersResponse> caller) {
    Answers.whileWanted(caller, () -> watchers(request), unwanted -> {});
  }

  private Uni<ListWatchersResponse> watchers(ListWatchersRequest request) {
    Place from = checks.watchers(request);
    QueuePatterns visible = Caller.current().granted(Permission.READ);
    return operations
        .watchers()
        .page(new QueueName(request.getQueue()), from, PageSize.of(request.getPageSize()))
        .map(page -> WatcherMapping.page(request.getQueue(), page, visible, clock.millis()));
  }

  @Override
  public void pauseQueue(PauseQueueRequest request, StreamObserver<PauseQueueResponse> caller) {
    Answers.toTheEnd(
        caller,
        () ->
            operations
                .control()
                .pause(checks.queue(request.getQueue()), true)
                .replaceWith(PauseQueueResponse.getDefaultInstance()));
  }

  @Override
  public void resumeQueue(ResumeQueueRequest request, StreamObserver<ResumeQueueResponse> caller) {
    Answers.toTheEnd(
        caller,
        () ->
            operations
                .control()
                .pause(checks.queue(request.getQueue()), false)
                .replaceWith(ResumeQueueResponse.getDefaultInstance()));
  }

  @Override
  public void setQueueLimits(
      SetQueueLimitsRequest request, StreamObserver<SetQueueLimitsResponse> caller) {
    Answers.toTheEnd(
        caller,
        () -> {
          checks.limits(request);
          QueueLimits.Change change = QueueMapping.change(request);
          return operations
              .control()
              .limit(new QueueName(request.getQueue()), change)
              .map(QueueMapping::queue)
              .map(queue -> SetQueueLimitsResponse.newBuilder().setQueue(queue).build());
        });
  }

  @Override
  public void setQueueDelivery(
      SetQueueDeliveryRequest request, StreamObserver<SetQueueDeliveryResponse> caller) {
    Answers.toTheEnd(
        caller,
        () -> {
          checks.delivery(request);
          RedisStreamTarget target = QueueMapping.target(request.getDelivery());
          return operations
              .delivery()
              .set(new QueueName(request.getQueue()), target)
              .map(QueueMapping::queue)
              .map(queue -> SetQueueDeliveryResponse.newBuilder().setQueue(queue).build());
        });
  }

  @Override
  public void purgeQueue(PurgeQueueRequest request, StreamObserver<PurgeQueueResponse> caller) {
    try {
      checks.purge(request);
    } catch (InvalidRequestException e) {
      caller.onError(GrpcFailures.of(e).toException());
      return;
    }
    JobState state =
        request.getState() == PurgeState.PURGE_STATE_DEAD ? JobState.DEAD : JobState.PENDING;
    PurgeCall.run(
        operations.purge().jobs(new QueueName(request.getQueue()), state),
        (ServerCallStreamObserver<PurgeQueueResponse>) caller);
  }

  @Override
  public void deleteQueue(DeleteQueueRequest request, StreamObserver<DeleteQueueResponse> caller) {
    Answers.toTheEnd(
        caller,
        () ->
            operations
                .removal()
                .queue(checks.queue(request.getQueue()), request.getForce())
                .map(jobs -> DeleteQueueResponse.newBuilder().setDeletedJobs(jobs).build()));
  }

  @Override
  public void redriveDeadJobs(
      RedriveDeadJobsRequest request, StreamObserver<RedriveDeadJobsResponse> caller) {
    Answers.toTheEnd(
        caller,
        () -> {
          checks.redrive(request);
          List<JobId> ids = request.getJobIdsList().stream().distinct().map(JobId::new).toList();
          long spreadMs = request.hasSpread() ? Times.roundUpToMs(request.getSpread()) : 0;
          return operations
              .redrive()
              .jobs(new QueueName(request.getQueue()), ids, spreadMs)
              .map(count -> RedriveDeadJobsResponse.newBuilder().setRedrivenJobs(count).build());
        });
  }
}
