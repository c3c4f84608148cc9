package dev.dueline.store.due;

import java.util.List;

/** What a shard said when it was asked for due jobs, by the store's clock. */
public sealed interface DueReply permits Claim, Fed {
  /** The store's clock, microseconds. */
  long nowUs();

  /** Where its due jobs go now. */
  Destination destination();

  /** When to ask again, ms; {@link Claim#NONE}: whoever changes that announces it. */
  long nextMs();

  /**
   * When the next lease, or the ttl of a job that waits, is over; {@link Claim#NONE}: none will.
   */
  long nextExpiryMs();

  /** Whether the shard may hold dead jobs, which some day are too old. */
  boolean mayHoldDead();

  /** Whether something keeps due jobs back. */
  boolean isHeld();

  /** When each job was due that left the shard for the first time, ms. */
  List<Long> firstDueMs();
}
