package dev.dueline.store;

import dev.dueline.job.LeaseId;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one job to cancel.
 *
 * @param taken the lease that ended with the job, or null
 */
public record Canceled(Outcome outcome, @Nullable LeaseId taken) {
  /** What Cancel found. */
  public enum Outcome {
    CANCELED,
    LEASED,
    NOT_FOUND
  }
}
