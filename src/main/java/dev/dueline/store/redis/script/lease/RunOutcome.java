package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Coded;
import dev.dueline.job.StoredJob;
import dev.dueline.job.recurrence.Recurrence.NextRun;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.redis.script.Arguments;

/**
 * How a run of a job that recurs ends, and what follows it: decided here alone, and carried out by
 * {@code lib/runs.lua} alone.
 *
 * @param nextDueMs due time of the next run; -1: the series is over
 * @param runs how the runs ended, with this one
 */
public record RunOutcome(EndCode ended, long nextDueMs, Runs runs) {
  private static final long OVER = -1;

  /** How the run ended. */
  public enum EndCode implements Coded {
    COMPLETED(1),
    DIED(2),
    EXPIRED(3),
    /** Nobody can follow the rule: the job ends where people look, with the dead. */
    BROKEN(4);

    private final int code;

    EndCode(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * What follows a run.
   *
   * @param job as it was read, with the due time of the run
   * @param nowMs when it was over, by the store's clock
   */
  public static RunOutcome of(StoredJob job, RunEnd end, long nowMs) {
    Series series = job.series();
    if (series == null) {
      return new RunOutcome(EndCode.BROKEN, OVER, Runs.NONE);
    }
    NextRun next = series.recurrence().after(series.runs(), job.dueMs(), end, nowMs);
    EndCode ended =
        switch (end) {
          case COMPLETED -> EndCode.COMPLETED;
          case DIED -> EndCode.DIED;
          case EXPIRED -> EndCode.EXPIRED;
        };
    return new RunOutcome(ended, next.dueMs().orElse(OVER), next.runs());
  }

  /** Adds the five arguments that {@code lib/runs.lua} takes. */
  public void addTo(Arguments arguments) {
    arguments.add(ended).add(nextDueMs);
    arguments.add(runs.completed()).add(runs.died()).add(runs.missed());
  }
}
