package dev.dueline.store.news;

/** What became of the wish that a watch stop. */
public enum StopOutcome {
  /** It takes no more jobs, and ends once those that are out are settled, or after a time. */
  STOPPING,

  /** The replica of its token does not have it, or no longer. */
  OVER,

  /** The replica of its token does not answer: it is gone, stands still or is cut off. */
  UNANSWERED
}
