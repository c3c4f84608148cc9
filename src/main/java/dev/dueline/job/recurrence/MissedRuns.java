package dev.dueline.job.recurrence;

/** What happens when due times passed before the last run was over. */
public enum MissedRuns {
  /** One run at once for all of them. */
  RUN_ONCE(1),
  /** None of them. */
  SKIP(2);

  private final int code;

  MissedRuns(int code) {
    this.code = code;
  }

  /** The number that is stored, which never changes. */
  public int code() {
    return code;
  }

  /**
   * The value with a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MissedRuns of(int code) {
    return switch (code) {
      case 1 -> RUN_ONCE;
      case 2 -> SKIP;
      default -> throw new IllegalArgumentException("not missed runs: " + code);
    };
  }
}
