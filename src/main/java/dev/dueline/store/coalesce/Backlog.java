package dev.dueline.store.coalesce;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait for the store at once, answers included, in all shards together. Any thread.
 */
final class Backlog {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  Backlog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** What one lane may hold of it, so that a shard that is stuck leaves room for the others. */
  long shareBytes() {
    return maxBytes / 4;
  }

  /** Takes room. False: there is none, and none was taken. */
  boolean enter(long more) {
    if (bytes.addAndGet(more) <= maxBytes) {
      return true;
    }
    bytes.addAndGet(-more);
    return false;
  }

  /** Gives room back. */
  void leave(long less) {
    bytes.addAndGet(-less);
  }
}
