package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Deletes all that a closed shard keeps; false: it was opened again.
 *
 * @param deletion the one that closed it, hexadecimal
 * @param isLast otherwise the first shard goes on saying that it is closed
 * @param wasIdle nothing was set of it; otherwise what is set goes, also if it was opened again
 */
public record ClearCall(
    Shard shard, String deletion, boolean isFirst, boolean isLast, boolean wasIdle)
    implements ShardCall<Boolean> {
  @Override
  public Script script() {
    return Script.CLEAR;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withStream(shard);
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(deletion).add(isFirst).add(isLast).add(wasIdle);
  }

  @Override
  public Boolean read(Reply reply) {
    return reply.flag();
  }
}
