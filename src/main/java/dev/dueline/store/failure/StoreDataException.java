package dev.dueline.store.failure;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import java.util.Optional;

/**
 * What the store keeps of a queue cannot be read: it was damaged, or written by another version or
 * by somebody else. Others are not concerned; it stays so until somebody repairs it.
 */
public final class StoreDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<QueueName> queue;
  private final transient Optional<Shard> shard;
  private final String key;

  private StoreDataException(
      Optional<QueueName> queue, Optional<Shard> shard, String key, String problem) {
    super(problem, null, false, false);
    this.queue = queue;
    this.shard = shard;
    this.key = key;
  }

  /**
   * What all queues share.
   *
   * @param key empty: nobody knows which it is, and none is named that may be good
   */
  public static StoreDataException ofAll(String key, String problem) {
    return new StoreDataException(Optional.empty(), Optional.empty(), key, problem);
  }

  /** What concerns one queue. */
  public static StoreDataException ofQueue(QueueName queue, String key, String problem) {
    return new StoreDataException(Optional.of(queue), Optional.empty(), key, problem);
  }

  /**
   * What one shard keeps.
   *
   * @param key empty: nobody knows which it is, and none is named that may be good
   */
  public static StoreDataException ofShard(Shard shard, String key, String problem) {
    return new StoreDataException(Optional.of(shard.queue()), Optional.of(shard), key, problem);
  }

  /** The queue that is concerned; empty: all are. */
  public Optional<QueueName> queue() {
    return queue;
  }

  /** The shard that is concerned; empty: all of the queue are. */
  public Optional<Shard> shard() {
    return shard;
  }

  /**
   * What cannot be read, for people: the queue and shard, and the key, as far as they are known.
   */
  public String place() {
    String part =
        shard
            .map(Shard::toString)
            .or(() -> queue.map(QueueName::value))
            .orElse("what all queues share");
    return key.isEmpty() ? part : part + " (" + key + ")";
  }

  /** Where it is kept; empty: nobody knows. */
  public String key() {
    return key;
  }
}
