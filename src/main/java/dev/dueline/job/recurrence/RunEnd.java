package dev.dueline.job.recurrence;

/** How a run ended. */
public enum RunEnd {
  /** It was acknowledged. */
  COMPLETED,
  /** Its attempts were used up, or it was given up. */
  DIED,
  /** It was not delivered within the ttl of its job. */
  EXPIRED
}
