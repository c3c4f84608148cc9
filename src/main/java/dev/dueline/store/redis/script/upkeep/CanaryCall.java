package dev.dueline.store.redis.script.upkeep;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/** Shows that scripts run on a primary, and may write. */
public record CanaryCall(Shard shard) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.CANARY;
  }

  @Override
  public void addTo(Arguments arguments) {}

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
