package dev.dueline.job.recurrence;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * When a job runs again, and until when.
 *
 * @param endMs no run is due after it; {@link Rule#MAX_MS}: no end
 * @param maxRuns runs that take place in all, dead ones included; 0: no limit
 */
public record Recurrence(Rule rule, long endMs, long maxRuns, MissedRuns onMissed) {
  public Recurrence {
    if (endMs < 0 || endMs > Rule.MAX_MS || maxRuns < 0) {
      throw new IllegalArgumentException("not a recurrence: until " + endMs + ", " + maxRuns);
    }
  }

  /**
   * What follows a run.
   *
   * @param dueMs when the next one is due, which may have passed; empty: the series is over
   * @param runs the counts, with the run that ended and what was missed
   */
  public record NextRun(OptionalLong dueMs, Runs runs) {}

  /** A recurrence without end. */
  public static Recurrence of(Rule rule) {
    return new Recurrence(rule, Rule.MAX_MS, 0, MissedRuns.RUN_ONCE);
  }

  /** The first run of a series that begins now, where the caller names none. */
  public OptionalLong first(long nowMs) {
    return inTime(rule.next(nowMs, nowMs));
  }

  /**
   * What follows a run. Where due times have passed, one run makes up for all of them, due when the
   * last of them was, so that the rule goes on from there; or they are skipped.
   *
   * @param runs before this run ended
   * @param dueMs when this run was due
   * @param nowMs when it was over
   */
  public NextRun after(Runs runs, long dueMs, RunEnd end, long nowMs) {
    Runs ended = runs.and(end);
    if (maxRuns > 0 && ended.total() >= maxRuns) {
      return new NextRun(OptionalLong.empty(), ended);
    }
    long passedBy = Math.min(nowMs, endMs);
    long passed = rule.count(dueMs, passedBy);
    if (passed > 0 && onMissed == MissedRuns.RUN_ONCE) {
      return new NextRun(rule.latest(dueMs, passedBy), ended.andMissed(passed - 1));
    }
    OptionalLong next = rule.next(dueMs, Math.max(dueMs, nowMs));
    return new NextRun(inTime(next), ended.andMissed(passed));
  }

  /**
   * The due times after a time, in order, if no run is late.
   *
   * @param runs before the run that is due at dueMs
   * @param most how many to give, at most
   */
  public List<Long> upcoming(Runs runs, long dueMs, long afterMs, int most) {
    long left = maxRuns == 0 ? most : Math.min(most, maxRuns - runs.total() - 1);
    List<Long> times = new ArrayList<>();
    OptionalLong next = inTime(rule.next(dueMs, Math.max(dueMs, afterMs)));
    while (next.isPresent() && times.size() < left) {
      times.add(next.getAsLong());
      next = inTime(rule.next(dueMs, next.getAsLong()));
    }
    return times;
  }

  private OptionalLong inTime(OptionalLong dueMs) {
    return dueMs.isPresent() && dueMs.getAsLong() <= endMs ? dueMs : OptionalLong.empty();
  }
}
