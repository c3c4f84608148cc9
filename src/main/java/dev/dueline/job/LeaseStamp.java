package dev.dueline.job;

import java.nio.ByteBuffer;

/**
 * Tells one delivery of a job from every other.
 *
 * @param fence grows with each delivery of a shard
 * @param random what a stale or guessing holder cannot match
 * @param replica the replica that holds the watcher
 * @param watcher the watcher, as that replica numbers it
 */
public record LeaseStamp(long fence, long random, long replica, int watcher) {
  /** Length of a stamp in bytes. */
  public static final int BYTES = 28;

  /** Whether it is of no delivery: the store gave the lease to nobody, since a ttl has passed. */
  public boolean isNobodys() {
    return random == 0 && replica == 0 && watcher == 0;
  }

  /** The stamp in bytes: fence, random, replica, watcher, big-endian. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(fence)
        .putLong(random)
        .putLong(replica)
        .putInt(watcher)
        .array();
  }

  /** Reads what {@link #bytes()} wrote. */
  public static LeaseStamp of(ByteBuffer bytes) {
    return new LeaseStamp(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getInt());
  }
}
