package dev.dueline.store.due;

import dev.dueline.job.Coded;
import java.util.List;

/**
 * What went to the Redis Stream of a shard, by the store's clock.
 *
 * @param nowUs the store's clock, microseconds
 * @param destination where due jobs go; if to watchers, none were moved
 * @param nextMs when to ask again; {@link Claim#NONE}: whoever changes that announces it
 * @param nextExpiryMs when the next lease of the shard, or the ttl of a job that waits, is over;
 *     {@link Claim#NONE}: none will
 * @param hold what keeps due jobs back
 * @param dropped jobs, or runs of jobs that recur, dropped because their ttl had passed
 * @param dueMs when each job was due that went to the Redis Stream, in order
 */
public record Fed(
    long nowUs,
    Destination destination,
    long nextMs,
    long nextExpiryMs,
    Hold hold,
    int dropped,
    List<Long> dueMs)
    implements DueReply {

  /** What keeps due jobs back. */
  public enum Hold implements Coded {
    /** Nothing does. */
    NONE(0),
    /** A pause or a limit of the queue. */
    LIMITED(1),
    /** The Redis Stream is as long as it may be. */
    FULL(2);

    private final int code;

    Hold(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  public Fed {
    // What is due, and goes to watchers, is nothing to move.
    nextMs = destination == Destination.WATCHERS ? Claim.NONE : nextMs;
  }

  /** Whether leases have run out, and there is room for their jobs. */
  public boolean hasExpired() {
    long nowMs = nowUs / 1_000;
    return destination == Destination.REDIS_STREAM
        && nextExpiryMs <= nowMs
        && nextMs > nowMs
        && hold == Hold.NONE;
  }

  /** Not looked up. */
  @Override
  public boolean mayHoldDead() {
    return true;
  }

  @Override
  public boolean isHeld() {
    return hold != Hold.NONE;
  }

  @Override
  public List<Long> firstDueMs() {
    return dueMs;
  }
}
