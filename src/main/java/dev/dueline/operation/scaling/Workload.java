package dev.dueline.operation.scaling;

import dev.dueline.store.due.Claim;

/**
 * How much there is to do in a queue.
 *
 * @param jobs that are leased, and pending ones that are due within the lookahead; of shards that
 *     are paused those that are leased only
 * @param untilActiveMs if there are none, how long until there is one, 1 ms or more, unless what is
 *     scheduled changes; {@link Claim#NONE}: time alone brings none
 * @param shards of the queue; 0: there is no such queue
 * @param countedNanos when counting began, by the loop's clock
 */
public record Workload(long jobs, long untilActiveMs, int shards, long countedNanos) {
  /** Whether there is anything to do. */
  public boolean isActive() {
    return jobs > 0;
  }

  /** How long it holds from that time on, ms, as far as time alone changes it; 0 or less: over. */
  long holdsForMs(long nowNanos) {
    return isActive() || untilActiveMs == Claim.NONE
        ? Long.MAX_VALUE
        : untilActiveMs - Math.floorDiv(nowNanos - countedNanos, 1_000_000L);
  }
}
