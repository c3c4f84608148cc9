package dev.dueline.grpc.scheduler;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.Limits;
import dev.dueline.grpc.worker.LeaseChecks;
import dev.dueline.grpc.worker.Leasing;
import dev.dueline.grpc.worker.Pulling;
import dev.dueline.grpc.worker.Watching;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** The RPCs of the contract, each handed to its topic. Never blocks. */
@GrpcService
public class SchedulerService implements SchedulerServiceGrpc.AsyncService, BindableService {
  private final Limits limits;
  private final Scheduling scheduling;
  private final BatchScheduling batchScheduling;
  private final Canceling canceling;
  private final Reading reading;
  private final Leasing leasing;
  private final Pulling pulling;
  private final Watching watching;

  /** The service over its store and its watchers. */
  @Inject
  public SchedulerService(
      Limits limits,
      QueueDirectory directory,
      JobStore store,
      Leases leases,
      Watchers watchers,
      EventLoop loop) {
    this(
        limits,
        directory,
        store,
        leases,
        watchers::pull,
        new Watching(new LeaseChecks(limits), watchers::watch, loop, InstantSource.system()));
  }

  /** The service with a near end of the caller's choice. */
  public SchedulerService(
      Limits limits,
      QueueDirectory directory,
      JobStore store,
      Leases leases,
      Pulling.Pull pull,
      Watching watching) {
    this.limits = limits;
    JobChecks jobs = new JobChecks(limits);
    LeaseChecks deliveries = new LeaseChecks(limits);
    this.scheduling = new Scheduling(jobs, directory, store);
    this.batchScheduling = new BatchScheduling(jobs, directory, store);
    this.canceling = new Canceling(jobs, directory, store, leases);
    this.reading = new Reading(jobs, directory, store);
    this.leasing = new Leasing(deliveries, leases);
    this.pulling = new Pulling(deliveries, pull, store);
    this.watching = watching;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(SchedulerServiceGrpc.bindService(this), limits);
  }

  @Override
  public void schedule(ScheduleRequest request, StreamObserver<ScheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> scheduling.schedule(request));
  }

  @Override
  public void batchSchedule(
      BatchScheduleRequest request, StreamObserver<BatchScheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> batchScheduling.schedule(request));
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelResponse> caller) {
    Answers.toTheEnd(caller, () -> canceling.cancel(request));
  }

  @Override
  public void batchCancel(BatchCancelRequest request, StreamObserver<BatchCancelResponse> caller) {
    Answers.toTheEnd(caller, () -> canceling.batchCancel(request));
  }

  @Override
  public void reschedule(RescheduleRequest request, StreamObserver<RescheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> scheduling.reschedule(request));
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> caller) {
    Answers.whileWanted(caller, () -> reading.getJob(request), unwanted -> {});
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> caller) {
    Answers.whileWanted(caller, () -> reading.listJobs(request), unwanted -> {});
  }

  @Override
  public void watchDue(WatchDueRequest request, StreamObserver<WatchDueResponse> caller) {
    try {
      watching.watchDue(request, caller);
    } catch (InvalidRequestException e) {
      caller.onError(GrpcFailures.of(e).toException());
    }
  }

  @Override
  public void pullDue(PullDueRequest request, StreamObserver<PullDueResponse> caller) {
    Answers.whileWanted(caller, () -> pulling.pullDue(request), pulling::giveBack);
  }

  @Override
  public void ack(AckRequest request, StreamObserver<AckResponse> caller) {
    Answers.toTheEnd(caller, () -> leasing.ack(request));
  }

  @Override
  public void nack(NackRequest request, StreamObserver<NackResponse> caller) {
    Answers.toTheEnd(caller, () -> leasing.nack(request));
  }

  @Override
  public void extendLease(ExtendLeaseRequest request, StreamObserver<ExtendLeaseResponse> caller) {
    Answers.toTheEnd(caller, () -> leasing.extendLease(request));
  }
}
