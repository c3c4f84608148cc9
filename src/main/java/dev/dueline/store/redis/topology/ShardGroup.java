package dev.dueline.store.redis.topology;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;

/**
 * All shards that one primary holds.
 *
 * @param primary its host and port
 * @param canary a shard that it would hold, for trying it
 */
public record ShardGroup(String primary, Shard canary) {
  /** One of a row of shards that nobody uses. */
  static Shard canary(int number) {
    return new Shard(new QueueName("dueline-canary-" + number), 0);
  }
}
