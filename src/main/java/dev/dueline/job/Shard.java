package dev.dueline.job;

/**
 * A part of a queue that lives on one Redis node: all transitions of a job happen inside one shard.
 *
 * @param index from 0
 * @param of how many shards its queue has, as far as whoever names it knows, which the store holds
 *     against what it has; 0: whoever names it does not care, as with a lease, which is where it is
 */
public record Shard(QueueName queue, int index, int of) {
  public Shard {
    if (index < 0 || index > 0xFFFF) {
      throw new IllegalArgumentException("not a shard index: " + index);
    }
  }

  /** A place, however many there are. */
  public Shard(QueueName queue, int index) {
    this(queue, index, 0);
  }

  /** The same place, however many there are. */
  public Shard place() {
    return of == 0 ? this : new Shard(queue, index);
  }

  @Override
  public String toString() {
    return queue + "/" + index;
  }
}
