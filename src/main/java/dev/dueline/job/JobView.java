package dev.dueline.job;

/**
 * A job as it stands.
 *
 * @param dueMs the due time in force: of the next delivery, or of the one that is out; of a dead
 *     job, of the last
 * @param stateMs pending: the due time; leased: the expiry of the lease; dead: the time of death
 */
public record JobView(
    StoredJob job,
    JobState state,
    long dueMs,
    long stateMs,
    int failedAttempts,
    Failures failures) {

  /**
   * Whether its lease ran out, or nobody had it within its ttl, and nobody has ended it yet.
   *
   * @param nowMs the store's clock
   */
  public boolean isOver(long nowMs) {
    return switch (state) {
      case LEASED -> stateMs <= nowMs;
      case PENDING -> job.ttlMs() > 0 && failedAttempts == 0 && nowMs > stateMs + job.ttlMs();
      case DEAD -> false;
    };
  }
}
