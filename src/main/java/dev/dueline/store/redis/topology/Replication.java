package dev.dueline.store.redis.topology;

import java.time.Duration;

/**
 * Who must have a write before it counts.
 *
 * @param replicas how many besides the primary
 * @param timeout how long they are waited for
 */
public record Replication(int replicas, Duration timeout) {
  /** The primary alone. */
  public static final Replication NONE = new Replication(0, Duration.ZERO);
}
