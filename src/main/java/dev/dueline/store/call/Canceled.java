package dev.dueline.store.call;

import dev.dueline.job.Coded;
import dev.dueline.job.lease.LeaseId;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one job to cancel.
 *
 * @param taken the lease that ended with the job, or null
 */
public record Canceled(Outcome outcome, @Nullable LeaseId taken) {
  /** What Cancel found. */
  public enum Outcome implements Coded {
    CANCELED(1),
    LEASED(2),
    NOT_FOUND(3);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
