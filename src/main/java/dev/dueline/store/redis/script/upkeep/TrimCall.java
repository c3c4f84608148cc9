package dev.dueline.store.redis.script.upkeep;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Drops dead jobs that are too many or too old, at most 100, and says how many.
 *
 * @param maxDead dead jobs to keep
 * @param maxDeadAgeMs how long to keep them
 */
public record TrimCall(Shard shard, int maxDead, long maxDeadAgeMs) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.TRIM;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(maxDead).add(maxDeadAgeMs);
  }

  @Override
  public Long read(Reply reply) {
    return reply.number();
  }
}
