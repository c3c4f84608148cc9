package dev.dueline.client.mutiny;

import dev.dueline.client.Connection;
import dev.dueline.client.producer.NewJob;
import dev.dueline.client.producer.Producer;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.Job;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.smallrye.mutiny.Uni;

/**
 * A {@link Producer} whose calls are {@link Uni}s, made when they are subscribed to. Each
 * subscription is a call of its own, with a request id of its own unless the request has one.
 */
public final class MutinyProducer {
  private final Producer producer;

  /** A producer of jobs for the service at the other end. */
  public MutinyProducer(Connection connection) {
    this.producer = new Producer(connection);
  }

  /** Stores one job. */
  public Uni<ScheduleResponse> schedule(NewJob job) {
    return schedule(job.toRequest());
  }

  /** Stores one job. */
  public Uni<ScheduleResponse> schedule(ScheduleRequest request) {
    return Uni.createFrom().completionStage(() -> producer.schedule(request));
  }

  /** Takes a job back, unless a worker has it. */
  public Uni<CancelOutcome> cancel(String queue, String jobId) {
    return Uni.createFrom().completionStage(() -> producer.cancel(queue, jobId));
  }

  /** Moves a job that waits, or is dead, to another due time. */
  public Uni<RescheduleResponse> reschedule(RescheduleRequest request) {
    return Uni.createFrom().completionStage(() -> producer.reschedule(request));
  }

  /** Reads a job; fails with {@code NOT_FOUND} where there is none. */
  public Uni<Job> get(String queue, String jobId) {
    return Uni.createFrom().completionStage(() -> producer.get(queue, jobId));
  }
}
