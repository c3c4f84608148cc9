package dev.dueline.store;

/**
 * What became of one job to store.
 *
 * @param dueMs the due time in force, of the new job or of the one that has the id
 */
public record Scheduled(Outcome outcome, long dueMs) {
  /** What Schedule did. */
  public enum Outcome {
    CREATED,
    REPLACED,
    UNCHANGED,
    /** Refused: a different live job has the id. */
    ID_TAKEN,
    /** Refused: a different live job has the id and is leased, so it cannot be replaced. */
    ID_LEASED,
    /** Refused: the queue has as many pending jobs as it may. */
    QUEUE_FULL
  }
}
