package dev.dueline.store;

import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Recurrence.NextRun;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.due.Release;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How runs of recurring jobs end in the model. */
final class ModelRuns {
  private ModelRuns() {}

  /** What an Ack or a release came to: as in the scripts, a run that is over is ended apart. */
  enum Outcome {
    LOST,
    DONE,
    OVER
  }

  /** After which no run of a job is due. */
  static long endMs(NewJob job) {
    return job.recurrence() == null ? Long.MAX_VALUE : job.recurrence().endMs();
  }

  /** A lease that is nobody's, and over: the ttl of the run has passed. */
  static void park(ModelJob job, long nowUs) {
    job.deliveryDueMs = job.stateMs;
    job.state = JobState.LEASED;
    job.stateMs = nowUs / 1000;
    job.leaseId = new LeaseId(nowUs, 0, 0, 0);
  }

  /** How a release ends the run of a job; null: it does not. */
  static @Nullable RunEnd endOf(ModelJob job, Release release) {
    if (job.request.recurrence() == null) {
      return null;
    }
    if (release.lease().leaseId().isNobodys()) {
      return RunEnd.EXPIRED;
    }
    return release.target() instanceof Release.Target.Dead ? RunEnd.DIED : null;
  }

  /** Ends a run. False: the job is gone, since it was the last one. */
  static boolean end(ModelJob job, RunEnd end, boolean isCounted, String reason, long nowMs) {
    Recurrence recurrence = Objects.requireNonNull(job.request.recurrence());
    NextRun next = recurrence.after(job.runs, job.dueMs, end, nowMs);
    job.runs = next.runs();
    job.leaseId = null;
    job.lastFailure = end == RunEnd.COMPLETED ? "" : job.lastFailure;
    job.fail(isCounted, reason, nowMs);
    if (next.dueMs().isPresent()) {
      job.forgetAttempts();
      job.state = JobState.PENDING;
      job.dueMs = next.dueMs().getAsLong();
      job.stateMs = job.dueMs;
    } else {
      job.state = JobState.DEAD;
      job.stateMs = nowMs;
    }
    return next.dueMs().isPresent() || end == RunEnd.DIED;
  }
}
