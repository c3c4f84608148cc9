package dev.dueline.job;

/** Where a job stands: which index of its shard holds its id. */
public enum JobState implements Coded {
  /** Waits for its due time, or for a watcher. */
  PENDING(1),
  /** Is with a watcher. */
  LEASED(2),
  /** Used up its attempts, or was sent here by a Nack. */
  DEAD(3);

  private final int code;

  JobState(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
