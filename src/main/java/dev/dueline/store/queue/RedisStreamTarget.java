package dev.dueline.store.queue;

/**
 * The stream that due jobs of a queue go to, one for each of its shards.
 *
 * @param group the consumer group that answers for them
 * @param maxLength entries of one stream; while it has so many, due jobs wait in the queue
 */
public record RedisStreamTarget(String group, long maxLength) {
  public RedisStreamTarget {
    if (group.isEmpty() || maxLength < 1) {
      throw new IllegalArgumentException("not a stream: " + group + ", " + maxLength);
    }
  }
}
