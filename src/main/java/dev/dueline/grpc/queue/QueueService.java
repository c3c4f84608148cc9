package dev.dueline.grpc.queue;

import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.Limits;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueStore;
import dev.dueline.store.StreamStore;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.GetQueueResponse;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PauseQueueResponse;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RedriveDeadJobsResponse;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ResumeQueueResponse;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueDeliveryResponse;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.SetQueueLimitsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** The RPCs for operators, each handed to its topic. Never blocks. */
@GrpcService
public class QueueService implements QueueServiceGrpc.AsyncService, BindableService {
  private final Limits limits;
  private final Queues queues;
  private final QueueControl control;
  private final Redirecting redirecting;
  private final Purging purging;
  private final Redriving redriving;

  /** The service over its store. */
  @Inject
  public QueueService(
      Limits limits, QueueDirectory directory, QueueStore store, StreamStore streams) {
    this.limits = limits;
    QueueChecks checks = new QueueChecks(limits);
    this.queues = new Queues(checks, directory, store, streams);
    this.control = new QueueControl(checks, queues, store);
    this.redirecting = new Redirecting(checks, queues, store, streams);
    this.purging = new Purging(checks, queues, store);
    this.redriving = new Redriving(checks, queues, store);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(QueueServiceGrpc.bindService(this), limits);
  }

  @Override
  public void listQueues(ListQueuesRequest request, StreamObserver<ListQueuesResponse> caller) {
    Answers.whileWanted(caller, () -> queues.list(request), unwanted -> {});
  }

  @Override
  public void getQueue(GetQueueRequest request, StreamObserver<GetQueueResponse> caller) {
    Answers.whileWanted(caller, () -> queues.get(request.getQueue()), unwanted -> {});
  }

  @Override
  public void pauseQueue(PauseQueueRequest request, StreamObserver<PauseQueueResponse> caller) {
    Answers.toTheEnd(caller, () -> control.pause(request));
  }

  @Override
  public void resumeQueue(ResumeQueueRequest request, StreamObserver<ResumeQueueResponse> caller) {
    Answers.toTheEnd(caller, () -> control.resume(request));
  }

  @Override
  public void setQueueLimits(
      SetQueueLimitsRequest request, StreamObserver<SetQueueLimitsResponse> caller) {
    Answers.toTheEnd(caller, () -> control.limit(request));
  }

  @Override
  public void setQueueDelivery(
      SetQueueDeliveryRequest request, StreamObserver<SetQueueDeliveryResponse> caller) {
    Answers.toTheEnd(caller, () -> redirecting.deliver(request));
  }

  @Override
  public void purgeQueue(PurgeQueueRequest request, StreamObserver<PurgeQueueResponse> caller) {
    try {
      purging.purge(request, caller);
    } catch (InvalidRequestException e) {
      caller.onError(GrpcFailures.of(e).toException());
    }
  }

  @Override
  public void redriveDeadJobs(
      RedriveDeadJobsRequest request, StreamObserver<RedriveDeadJobsResponse> caller) {
    Answers.toTheEnd(caller, () -> redriving.redrive(request));
  }
}
