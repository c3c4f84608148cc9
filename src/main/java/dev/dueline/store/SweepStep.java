package dev.dueline.store;

import java.util.Map;

/**
 * What one step of a sweep did.
 *
 * @param isComplete whether no pass is due any longer
 * @param waitMs how long until the next step can do something
 * @param repaired how many of each kind; without those of which there were none
 */
public record SweepStep(boolean isComplete, long waitMs, Map<Inconsistency, Integer> repaired) {

  /**
   * How much is to be done. What one replica did counts for all.
   *
   * @param leastMs least time between two steps
   * @param restMs time between the end of a pass and the next
   * @param sinceMs a pass that began before this time, by the store's clock, does not count; 0:
   *     each does
   */
  public record Pace(long leastMs, long restMs, long sinceMs) {}
}
