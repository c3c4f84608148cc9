package dev.dueline.job;

/**
 * A part of a queue that lives on one Redis node: all transitions of a job happen inside one shard.
 *
 * @param index from 0
 */
public record Shard(QueueName queue, int index) {
  public Shard {
    if (index < 0 || index > 0xFFFF) {
      throw new IllegalArgumentException("not a shard index: " + index);
    }
  }

  @Override
  public String toString() {
    return queue + "/" + index;
  }
}
