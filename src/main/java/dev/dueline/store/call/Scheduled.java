package dev.dueline.store.call;

import dev.dueline.job.Coded;
import dev.dueline.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * What became of one job to store.
 *
 * @param dueMs the due time in force, of the new job or of the one that has the id; where the
 *     request was carried out before, the one that was told then; 0 where nothing can be told
 * @param state of the job that has the id now; null: none has, or it was too late to look
 */
public record Scheduled(Outcome outcome, long dueMs, @Nullable JobState state) {
  /** Nobody looked what there is. */
  public static final Scheduled TOO_LATE = new Scheduled(Outcome.TOO_LATE, 0, null);

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
    /** Nothing was done: this very request was carried out before, and created the job. */
    WAS_CREATED(7),
    /** Nothing was done: this very request was carried out before, and replaced the job. */
    WAS_REPLACED(8),
    /** Nothing was done: this very request was carried out before, and left another job there. */
    WAS_UNCHANGED(9),
    /** Refused: another request was carried out under this request id. */
    REQUEST_ID_REUSED(10),
    /** Refused: the deadline had passed. */
    TOO_LATE(11),
    /** Refused: its first run would come after the end of its series. */
    AFTER_END(12);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    /** Whether the request was carried out before, and known by its id. */
    public boolean isRepeated() {
      return this == WAS_CREATED || this == WAS_REPLACED || this == WAS_UNCHANGED;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
