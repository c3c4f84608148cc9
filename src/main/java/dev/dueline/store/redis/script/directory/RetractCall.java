package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Takes back that a shard says how many shards its queue has; false: it holds jobs, or entries of
 * its Redis Stream, and goes on saying it.
 *
 * @param shards that it was let say
 */
public record RetractCall(Shard shard, int shards) implements ShardCall<Boolean> {
  @Override
  public Script script() {
    return Script.RETRACT;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withStream(shard);
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(shards);
  }

  @Override
  public Boolean read(Reply reply) {
    return reply.flag();
  }
}
