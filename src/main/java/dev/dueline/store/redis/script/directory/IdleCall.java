package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Looks whether a shard is idle; gives the ms since the first look that found it so, with no use in
 * between, or -1: it is in use.
 */
public record IdleCall(Shard shard) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.IDLE;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withStream(shard);
  }

  @Override
  public void addTo(Arguments arguments) {}

  @Override
  public Long read(Reply reply) {
    return reply.number();
  }
}
