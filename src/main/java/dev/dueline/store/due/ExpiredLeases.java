package dev.dueline.store.due;

import dev.dueline.job.lease.LeaseRef;
import java.util.List;
import java.util.stream.Stream;

/**
 * What time had ended by itself, and is ended now.
 *
 * @param nowUs the store's clock, microseconds
 * @param nextExpiryMs when the next lease, or the time that a job may wait, is over; {@link
 *     Claim#NONE}: none will
 * @param dropped jobs, or runs of jobs that recur, dropped because their ttl had passed
 * @param leases that ran out
 */
public record ExpiredLeases(long nowUs, long nextExpiryMs, int dropped, List<LeaseRef> leases) {

  /** What was ended before this, and this. */
  public ExpiredLeases after(ExpiredLeases before) {
    List<LeaseRef> all = Stream.concat(before.leases.stream(), leases.stream()).toList();
    return new ExpiredLeases(nowUs, nextExpiryMs, before.dropped + dropped, all);
  }

  /** Whether anything was ended. */
  public boolean isAny() {
    return !leases.isEmpty() || dropped > 0;
  }

  /**
   * Whether more may be over: beyond what was asked for, or a run that came next and is late, too.
   */
  public boolean mayHaveMore() {
    return isAny() || nextExpiryMs <= nowUs / 1_000;
  }
}
