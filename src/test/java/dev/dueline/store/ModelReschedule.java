package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Rescheduled.Outcome;
import org.jspecify.annotations.Nullable;

/** What Reschedule does with a job of the model. */
final class ModelReschedule {
  private ModelReschedule() {}

  static Rescheduled of(@Nullable ModelJob job, Due due, ModelOperations operations, long nowUs) {
    if (job == null) {
      return new Rescheduled(Outcome.NOT_FOUND, 0);
    }
    if (job.state == JobState.LEASED) {
      return new Rescheduled(Outcome.LEASED, 0);
    }
    long dueMs = ModelJob.resolve(due, nowUs);
    if (dueMs > ModelRuns.endMs(job.request)) {
      return new Rescheduled(Outcome.AFTER_END, 0);
    }
    if (job.state == JobState.DEAD) {
      if (operations.isFull(nowUs / 1000)) {
        return new Rescheduled(Outcome.QUEUE_FULL, 0);
      }
      job.forgetAttempts();
      job.lastFailure = "";
    }
    job.state = JobState.PENDING;
    job.dueMs = dueMs;
    job.stateMs = dueMs;
    return new Rescheduled(Outcome.MOVED, dueMs);
  }
}
