package dev.dueline.store;

import java.util.List;

/**
 * Room for due jobs: the first job claimed goes to the first slot, and so on.
 *
 * @param holders who asks
 * @param order for each slot, the index of its holder
 */
public record Slots(List<Holder> holders, List<Integer> order) {
  /** No room: the claim only tells when the next job is due. */
  public static final Slots NONE = new Slots(List.of(), List.of());

  /**
   * One watcher.
   *
   * @param replica this replica
   * @param watcher the watcher, as this replica numbers it
   */
  public record Holder(long replica, int watcher, long leaseMs) {}
}
