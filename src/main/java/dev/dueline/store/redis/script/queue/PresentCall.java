package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Says how many watchers a replica has.
 *
 * @param replica hexadecimal
 */
public record PresentCall(Shard shard, String replica, int watchers, long holdsForMs)
    implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.PRESENT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(replica).add(watchers).add(holdsForMs);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
