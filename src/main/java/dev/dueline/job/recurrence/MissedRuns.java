package dev.dueline.job.recurrence;

/** What happens when due times passed before the last run was over. */
public enum MissedRuns {
  /** One run at once for all of them. */
  RUN_ONCE,
  /** None of them. */
  SKIP
}
