package dev.dueline.job;

/** Where a job stands: which index of its shard holds its id. */
public enum JobState {
  /** Waits for its due time, or for a watcher. */
  PENDING,
  /** Is with a watcher. */
  LEASED,
  /** Used up its attempts, or was sent here by a Nack. */
  DEAD
}
