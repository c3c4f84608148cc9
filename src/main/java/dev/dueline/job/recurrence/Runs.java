package dev.dueline.job.recurrence;

/**
 * How the runs of a series ended so far.
 *
 * @param completed runs that were acknowledged
 * @param died runs that were given up
 * @param missed due times that passed without a run
 */
public record Runs(long completed, long died, long missed) {
  /** Of a series that just began. */
  public static final Runs NONE = new Runs(0, 0, 0);

  /** With one more. */
  Runs and(RunEnd end) {
    return switch (end) {
      case COMPLETED -> new Runs(completed + 1, died, missed);
      case DIED -> new Runs(completed, died + 1, missed);
      case EXPIRED -> new Runs(completed, died, missed + 1);
    };
  }

  /** With so many more missed. */
  Runs andMissed(long more) {
    return new Runs(completed, died, missed + more);
  }

  /** Runs that took place, in all. */
  long total() {
    return completed + died;
  }
}
