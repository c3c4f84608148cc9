package dev.dueline.store.redis.script.upkeep;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/** Asks a primary for its time, and to send a message. */
public record HeartbeatCall(Shard shard, String channel, String message)
    implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.HEARTBEAT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(channel).add(message);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
