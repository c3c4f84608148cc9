package dev.dueline.store;

/**
 * What Reschedule did.
 *
 * @param dueMs the new due time; 0 if it was not moved
 */
public record Rescheduled(Outcome outcome, long dueMs) {
  /** What Reschedule found. */
  public enum Outcome {
    MOVED,
    LEASED,
    NOT_FOUND
  }
}
