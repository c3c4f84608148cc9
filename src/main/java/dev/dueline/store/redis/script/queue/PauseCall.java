package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/** Holds the deliveries of a shard back, or lets them go on. */
public record PauseCall(Shard shard, boolean isPaused) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.PAUSE;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(isPaused);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
