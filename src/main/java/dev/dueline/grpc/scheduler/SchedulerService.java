package dev.dueline.grpc.scheduler;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.worker.LeaseCalls;
import dev.dueline.grpc.worker.LeaseChecks;
import dev.dueline.grpc.worker.PullCall;
import dev.dueline.grpc.worker.WatchCall;
import dev.dueline.operation.job.JobOperations;
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
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** The RPCs of the contract, each handed to the class for its topic. Never blocks. */
@GrpcService
public class SchedulerService implements SchedulerServiceGrpc.AsyncService, BindableService {
  private final RequestLimits limits;
  private final ScheduleCalls schedule;
  private final BatchScheduleCall batchSchedule;
  private final CancelCalls cancel;
  private final JobReadCalls reads;
  private final LeaseCalls leases;
  private final PullCall pull;
  private final WatchCall watch;

  /** The service over its operations, and watchers on an event loop. */
  @Inject
  SchedulerService(
      RequestLimits limits,
      JobOperations operations,
      Watchers watchers,
      EventLoop loop,
      InstantSource clock) {
    this(
        limits,
        operations,
        new WatchCall(new LeaseChecks(limits), watchers::watch, watchers::stop, loop, clock));
  }

  /** The service with watchers of the caller's choice. */
  public SchedulerService(RequestLimits limits, JobOperations operations, WatchCall watch) {
    this.limits = limits;
    JobChecks jobs = new JobChecks(limits);
    LeaseChecks deliveries = new LeaseChecks(limits);
    this.schedule = new ScheduleCalls(jobs, operations.schedule());
    this.batchSchedule = new BatchScheduleCall(jobs, operations.schedule());
    this.cancel = new CancelCalls(jobs, operations.cancel());
    this.reads = new JobReadCalls(jobs, operations.jobs());
    this.leases = new LeaseCalls(deliveries, operations.leases());
    this.pull = new PullCall(deliveries, operations.pull());
    this.watch = watch;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(SchedulerServiceGrpc.bindService(this), limits);
  }

  @Override
  public void schedule(ScheduleRequest request, StreamObserver<ScheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> schedule.schedule(request));
  }

  @Override
  public void batchSchedule(
      BatchScheduleRequest request, StreamObserver<BatchScheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> batchSchedule.schedule(request));
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelResponse> caller) {
    Answers.toTheEnd(caller, () -> cancel.cancel(request));
  }

  @Override
  public void batchCancel(BatchCancelRequest request, StreamObserver<BatchCancelResponse> caller) {
    Answers.toTheEnd(caller, () -> cancel.batchCancel(request));
  }

  @Override
  public void reschedule(RescheduleRequest request, StreamObserver<RescheduleResponse> caller) {
    Answers.toTheEnd(caller, () -> schedule.reschedule(request));
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> caller) {
    Answers.whileWanted(caller, () -> reads.getJob(request), unwanted -> {});
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> caller) {
    Answers.whileWanted(caller, () -> reads.listJobs(request), unwanted -> {});
  }

  @Override
  public void watchDue(WatchDueRequest request, StreamObserver<WatchDueResponse> caller) {
    try {
      watch.watchDue(request, caller);
    } catch (InvalidRequestException e) {
      caller.onError(GrpcFailures.of(e).toException());
    }
  }

  @Override
  public void stopWatch(StopWatchRequest request, StreamObserver<StopWatchResponse> caller) {
    Answers.toTheEnd(caller, () -> watch.stopWatch(request));
  }

  @Override
  public void pullDue(PullDueRequest request, StreamObserver<PullDueResponse> caller) {
    Answers.whileWanted(caller, () -> pull.pullDue(request), pull::giveBack);
  }

  @Override
  public void ack(AckRequest request, StreamObserver<AckResponse> caller) {
    Answers.toTheEnd(caller, () -> leases.ack(request));
  }

  @Override
  public void nack(NackRequest request, StreamObserver<NackResponse> caller) {
    Answers.toTheEnd(caller, () -> leases.nack(request));
  }

  @Override
  public void extendLease(ExtendLeaseRequest request, StreamObserver<ExtendLeaseResponse> caller) {
    Answers.toTheEnd(caller, () -> leases.extendLease(request));
  }
}
