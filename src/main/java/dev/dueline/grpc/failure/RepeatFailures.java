package dev.dueline.grpc.failure;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;

/** What callers are told whose request came under a used id, or too late to be carried out. */
public final class RepeatFailures {
  /** What stood still has just gone on: others of its time are refused within as long again. */
  private static final long NOT_IN_TIME_RETRY_MS = 200;

  private RepeatFailures() {}

  public static Failure requestIdReused(QueueName queue, JobId id) {
    return Failure.of(
            Reason.REQUEST_ID_REUSED,
            "A different request for this job was carried out under this request_id: nothing was"
                + " done. Give each request an id of its own, such as a random UUID.")
        .about("queue", queue.value())
        .about("job_id", id.value());
  }

  /** What a caller is told that has gone, or will not mind: nothing was done, nor will be. */
  public static Failure notInTime() {
    return Failure.of(
            Reason.NOT_IN_TIME,
            "This replica or Redis stood still until the call's time was over: nothing was done,"
                + " and nothing will be. Try again.")
        .with(GrpcFailures.retryAfter(NOT_IN_TIME_RETRY_MS));
  }
}
