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
    int index = Integer.remainderUnsigned(Murmur3.hash(id.bytes()), shardCount);
    return new Shard(queue, index, shardCount);
  }

  /** All shards. */
  public List<Shard> shards() {
    return IntStream.range(0, shardCount).mapToObj(i -> new Shard(queue, i, shardCount)).toList();
  }
}
