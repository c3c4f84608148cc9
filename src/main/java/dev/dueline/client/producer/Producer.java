package dev.dueline.client.producer;

import dev.dueline.client.Connection;
import dev.dueline.client.Retries;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.Job;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Stores jobs, moves them and takes them back. A call is made again for as long as the connection's
 * timeout while the service is unavailable, and where it is safe also after an attempt that was not
 * answered in time. Thread-safe.
 */
public final class Producer {
  private final Retries retries;

  /** A producer of jobs for the service at the other end. */
  public Producer(Connection connection) {
    this(Retries.of(connection));
  }

  /** A producer whose calls are made in this way. */
  public Producer(Retries retries) {
    this.retries = retries;
  }

  /** Stores one job. */
  public CompletableFuture<ScheduleResponse> schedule(NewJob job) {
    return schedule(job.toRequest());
  }

  /** Stores one job; a request without a request id is given one, so that it is stored once. */
  public CompletableFuture<ScheduleResponse> schedule(ScheduleRequest request) {
    ScheduleRequest named = withRequestId(request);
    return retries.call((stub, answer) -> stub.schedule(named, answer), true);
  }

  static ScheduleRequest withRequestId(ScheduleRequest request) {
    return request.getRequestId().isEmpty()
        ? request.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
        : request;
  }

  /** Takes a job back, unless a worker has it. */
  public CompletableFuture<CancelOutcome> cancel(String queue, String jobId) {
    return cancel(CancelRequest.newBuilder().setQueue(queue).setJobId(jobId).build());
  }

  /**
   * Takes a job back; a request without a request id is given one, so that its verdict is known
   * although an attempt went unanswered.
   */
  public CompletableFuture<CancelOutcome> cancel(CancelRequest request) {
    CancelRequest named =
        request.getRequestId().isEmpty()
            ? request.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
            : request;
    return retries
        .<CancelResponse>call((stub, answer) -> stub.cancel(named, answer), true)
        .thenApply(CancelResponse::getOutcome);
  }

  /** Moves a job that waits, or is dead, to another due time. */
  public CompletableFuture<RescheduleResponse> reschedule(RescheduleRequest request) {
    // A delay counts from each repeat.
    return retries.call((stub, answer) -> stub.reschedule(request, answer), request.hasDueTime());
  }

  /** Reads a job; fails with {@code NOT_FOUND} where there is none. */
  public CompletableFuture<Job> get(String queue, String jobId) {
    GetJobRequest request = GetJobRequest.newBuilder().setQueue(queue).setJobId(jobId).build();
    return retries
        .<GetJobResponse>call((stub, answer) -> stub.getJob(request, answer), true)
        .thenApply(GetJobResponse::getJob);
  }
}
