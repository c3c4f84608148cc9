package dev.dueline.job.recurrence;

/** A recurrence and how its runs ended so far. */
public record Series(Recurrence recurrence, Runs runs) {
  /**
   * Which run is next, or under way: 1 for the first. A last run that died and is redriven is told
   * from another one by the most runs alone.
   */
  public long runNumber() {
    long next = runs.total() + 1;
    return recurrence.maxRuns() == 0 ? next : Math.min(next, recurrence.maxRuns());
  }
}
