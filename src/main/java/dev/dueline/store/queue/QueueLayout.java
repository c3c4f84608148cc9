package dev.dueline.store.queue;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import java.util.List;
import java.util.stream.IntStream;

/** The shards of one queue. */
public record QueueLayout(QueueName queue, int shardCount) {
  public QueueLayout {
    if (shardCount < 1 || shardCount > ShardPlan.MAX_SHARDS) {
      throw new IllegalArgumentException("not a number of shards: " + shardCount);
    }
  }

  /** The shard of a job. */
  public Shard shardOf(JobId id) {
    int index = Integer.remainderUnsigned(murmur3(id.bytes()), shardCount);
    return new Shard(queue, index, shardCount);
  }

  /** All shards. */
  public List<Shard> shards() {
    return IntStream.range(0, shardCount).mapToObj(i -> new Shard(queue, i, shardCount)).toList();
  }

  /**
   * MurmurHash3, x86, 32 bit, seed 0, by Austin Appleby (public domain). It is fixed for ever: it
   * decides where jobs are kept.
   */
  private static int murmur3(byte[] data) {
    int h = 0;
    int blocks = data.length / 4;
    for (int i = 0; i < blocks; i++) {
      h ^= mix(word(data, 4 * i, 4));
      h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
    }
    h ^= mix(word(data, 4 * blocks, data.length % 4));
    h ^= data.length;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  private static int mix(int k) {
    return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
  }

  private static int word(byte[] data, int from, int length) {
    int word = 0;
    for (int i = 0; i < length; i++) {
      word |= (data[from + i] & 0xFF) << (8 * i);
    }
    return word;
  }
}
