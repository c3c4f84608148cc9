package dev.dueline.store.call;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;
import org.jspecify.annotations.Nullable;

/**
 * One job to store.
 *
 * @param onConflict what to do when its id is taken
 * @param requestId by which the store knows that it was asked for this before; null: it does not
 * @param deadline after which the job is not stored
 */
public record ScheduleItem(
    NewJob job, ConflictPolicy onConflict, @Nullable RequestId requestId, Deadline deadline) {

  /** A job that is stored each time it is asked for, and at any time. */
  public ScheduleItem(NewJob job, ConflictPolicy onConflict) {
    this(job, onConflict, null, Deadline.NEVER);
  }

  /** The same, to be stored no later than that either. */
  public ScheduleItem noLaterThan(Deadline other) {
    return new ScheduleItem(job, onConflict, requestId, deadline.noLaterThan(other));
  }

  /** The same for a job that says more. */
  public ScheduleItem with(NewJob other) {
    return new ScheduleItem(other, onConflict, requestId, deadline);
  }
}
