package dev.dueline.grpc.failure;

import com.google.rpc.Code;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;

/** What callers are told of one job that is not as they want it, with its queue and id. */
public final class JobFailures {
  private JobFailures() {}

  /** A different job that waits, or is dead, has the id. */
  public static Failure jobExists(QueueName queue, JobId id, boolean isDead) {
    String message =
        isDead
            ? "A different job has this id and is dead: CONFLICT_POLICY_REPLACE puts the new one in"
                + " its place. Or redrive it, cancel it, or choose another id."
            : "A different live job has this id: cancel it, choose another id, or set a"
                + " conflict_policy.";
    return Failure.of(Reason.JOB_EXISTS, message)
        .about("queue", queue.value())
        .about("job_id", id.value())
        .about("job_state", isDead ? "JOB_STATE_DEAD" : "JOB_STATE_PENDING");
  }

  public static Failure jobNotReplaceable(QueueName queue, JobId id) {
    return Failure.of(
            Reason.JOB_LEASED,
            "A watcher holds the live job that has this id, so it cannot be replaced: try again"
                + " when it is done, or cancel it with cancel_leased.")
        .about("queue", queue.value())
        .about("job_id", id.value())
        .about("job_state", "JOB_STATE_LEASED");
  }

  public static Failure afterEnd(QueueName queue, JobId id) {
    return Failure.of(
            Reason.AFTER_END_TIME,
            "The job recurs, and its series ends before that time (recurrence.end_time): choose an"
                + " earlier one, or schedule it with a later end_time and CONFLICT_POLICY_REPLACE.")
        .about("queue", queue.value())
        .about("job_id", id.value());
  }

  public static Failure jobNotFound(QueueName queue, JobId id) {
    return Failure.of(Reason.JOB_NOT_FOUND, "No live job of this queue has this id.")
        .about("queue", queue.value())
        .about("job_id", id.value());
  }

  public static Failure jobNotMovable(QueueName queue, JobId id) {
    return Failure.of(
            Code.FAILED_PRECONDITION,
            Reason.JOB_LEASED,
            "A watcher holds the job, so it cannot be moved: it can be canceled with"
                + " cancel_leased.")
        .about("queue", queue.value())
        .about("job_id", id.value());
  }
}
