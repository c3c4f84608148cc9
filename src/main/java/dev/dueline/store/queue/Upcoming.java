package dev.dueline.store.queue;

import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Claim;
import java.util.List;

/**
 * What time brings next in a shard, and what is under way there. Two that are equal were told of a
 * shard where nothing happened in between, but that time passed.
 *
 * @param over leases and waits that are over, but were not ended yet
 * @param due pending jobs whose due time has passed, and that are not over
 * @param isOpen whether those may go out now: no pause and no limit holds them back
 * @param opensMs if they may not, when the rate lets the next one go; {@link Claim#NONE}: it is not
 *     the rate that holds them
 * @param nextMs the first time to come at which a job is due, or has waited for its ttl; {@link
 *     Claim#NONE}: none will
 * @param dispatched deliveries since the queue was created
 * @param isToRedisStream whether due jobs go to a Redis Stream
 * @param leases those that are out and end first, in this order
 */
public record Upcoming(
    long over,
    long due,
    boolean isOpen,
    long opensMs,
    long nextMs,
    long dispatched,
    boolean isToRedisStream,
    List<Out> leases) {

  /** Most leases that are told of. */
  public static final int MAX_LEASES = 1_000;

  /** A lease that is out. */
  public record Out(LeaseRef lease, long expiryMs) {}
}
