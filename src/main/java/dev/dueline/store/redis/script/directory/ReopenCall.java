package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Lets a shard that a deletion closed say again how many shards its queue has, unless another did
 * since, or it is gone.
 *
 * @param deletion the one that closed it, hexadecimal
 */
public record ReopenCall(Shard shard, String deletion, int shards) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.REOPEN;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(deletion).add(shards);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
