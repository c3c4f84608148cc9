package dev.dueline.store.due;

import dev.dueline.job.lease.LeaseRef;
import java.util.List;

/**
 * Leases that certain claims gave, among those looked at.
 *
 * @param nowUs the store's clock, microseconds
 * @param next where to go on; 0: all were looked at
 */
public record ClaimedLeases(long nowUs, long next, List<LeaseRef> leases) {
  /** Where to begin. */
  public static final long BEGIN = -1;
}
