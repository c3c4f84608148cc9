package dev.dueline.store.call;

import dev.dueline.job.Coded;
import dev.dueline.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * What became of one job to store.
 *
 * @param dueMs the due time in force, of the new job or of the one that has the id
 * @param state of the job that has the id now; null: none has
 */
public record Scheduled(Outcome outcome, long dueMs, @Nullable JobState state) {
  /** What Schedule did. */
  public enum Outcome implements Coded {
    CREATED(1),
    REPLACED(2),
    UNCHANGED(3),
    /** Refused: a different live job has the id. */
    ID_TAKEN(4),
    /** Refused: a different live job has the id and is leased, so it cannot be replaced. */
    ID_LEASED(5),
    /** Refused: the queue has as many pending jobs as it may. */
    QUEUE_FULL(6),
    /** Refused: its first run would come after the end of its series. */
    AFTER_END(7);

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
