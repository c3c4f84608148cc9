package dev.dueline.store.due;

import dev.dueline.job.Coded;
import dev.dueline.job.lease.Delivery;
import java.util.List;

/**
 * What a claim found, by the store's clock.
 *
 * @param nowUs the store's clock, microseconds
 * @param destination where due jobs go; those that go to a Redis Stream cannot be claimed
 * @param nextDueMs when the next job of the shard is due, or held jobs may go on; {@link #NONE}:
 *     none is pending, or whoever ends the hold announces it
 * @param nextExpiryMs when the next lease of the shard, or the ttl of a job that waits, is over;
 *     {@link #NONE}: none will
 * @param hold what keeps due jobs back
 * @param dropped jobs, or runs of jobs that recur, dropped because their ttl had passed
 * @param mayHoldDead whether the shard may hold dead jobs: looked up where nothing was leased
 * @param deliveries in the order of the slots; one of a job that nobody can read is left out
 */
public record Claim(
    long nowUs,
    Destination destination,
    long nextDueMs,
    long nextExpiryMs,
    Hold hold,
    int dropped,
    boolean mayHoldDead,
    List<Delivery> deliveries)
    implements DueReply {
  /** What keeps due jobs back. */
  public enum Hold implements Coded {
    /** Nothing does. */
    NONE(0),
    /** A pause or a limit of the queue. */
    LIMITED(1);

    private final int code;

    Hold(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** A time that never comes. */
  public static final long NONE = Long.MAX_VALUE;

  @Override
  public long nextMs() {
    return nextDueMs;
  }

  @Override
  public boolean isHeld() {
    return hold != Hold.NONE || destination != Destination.WATCHERS;
  }

  @Override
  public List<Long> firstDueMs() {
    return deliveries.stream().filter(job -> job.attempt() == 1).map(Delivery::dueMs).toList();
  }
}
