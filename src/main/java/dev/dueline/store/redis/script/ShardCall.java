package dev.dueline.store.redis.script;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import java.util.List;

/**
 * A call of a script that takes the keys of one shard.
 *
 * @param <R> what the reply says
 */
public interface ShardCall<R> extends ScriptCall<R> {
  /** The shard. */
  Shard shard();

  /** Whether this call creates the queue again, if Redis lost it. */
  default boolean makesQueue() {
    return false;
  }

  @Override
  default List<byte[]> keys() {
    return RedisKeys.of(shard()).toList();
  }
}
