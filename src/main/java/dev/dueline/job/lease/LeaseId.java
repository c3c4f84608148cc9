package dev.dueline.job.lease;

import java.nio.ByteBuffer;

/**
 * Tells one delivery of a job from every other.
 *
 * @param fence grows with each delivery of a shard
 * @param nonce of the claim, random: what a stale or guessing holder cannot match
 * @param replica the replica that holds the watcher
 * @param watcher the watcher, as that replica numbers it
 */
public record LeaseId(long fence, long nonce, long replica, int watcher) {
  /** Length in bytes. */
  public static final int BYTES = 28;

  /** Whether it is of no delivery: the store gave the lease to nobody, since a ttl has passed. */
  public boolean isNobodys() {
    return nonce == 0 && replica == 0 && watcher == 0;
  }

  /** Fence, nonce, replica, watcher, big-endian. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(fence)
        .putLong(nonce)
        .putLong(replica)
        .putInt(watcher)
        .array();
  }

  /** Reads what {@link #bytes()} wrote. */
  public static LeaseId of(ByteBuffer bytes) {
    return new LeaseId(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getInt());
  }
}
