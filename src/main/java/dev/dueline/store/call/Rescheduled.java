package dev.dueline.store.call;

import dev.dueline.job.Coded;

/**
 * What Reschedule did.
 *
 * @param dueMs the new due time; 0 if it was not moved
 */
public record Rescheduled(Outcome outcome, long dueMs) {
  /** What Reschedule found. */
  public enum Outcome implements Coded {
    MOVED(1),
    LEASED(2),
    NOT_FOUND(3),
    /** Refused: its series ends before that time. */
    AFTER_END(4),
    /** Refused: it is dead, and the queue has as many pending jobs as it may. */
    QUEUE_FULL(5);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
