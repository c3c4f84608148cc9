package dev.dueline.store.due;

import java.util.List;

/**
 * Room for due jobs: the first job claimed goes to the first slot, and so on.
 *
 * @param holders who asks
 * @param order for each slot, the index of its holder
 * @param nonce what a stale or guessing holder cannot match in the lease ids, random; also tells
 *     the leases that this claim gave, should its answer be lost
 * @param deadlineMs by the store's clock: a claim that runs later leases nothing; 0: none
 * @param overdueMs only jobs that have been due for so long are taken: others may want them; 0: all
 *     that are due
 */
public record Slots(
    List<Holder> holders, List<Integer> order, long nonce, long deadlineMs, long overdueMs) {
  /** No room: the claim only tells when the next job is due. */
  public static final Slots NONE = new Slots(List.of(), List.of(), 0, 0, 0);

  /** The same, with this deadline. */
  public Slots withDeadline(long ms) {
    return new Slots(holders, order, nonce, ms, overdueMs);
  }

  /**
   * One watcher.
   *
   * @param replica this replica
   * @param watcher the watcher, as this replica numbers it
   */
  public record Holder(long replica, int watcher, long leaseMs) {}
}
