package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Closes a shard of a queue that is to be deleted.
 *
 * @param deletion which it is, hexadecimal
 * @param isForced deletes what is in it; otherwise it stays open if it is not empty
 * @param idleMs a shard that has not been idle for so long stays open; 0: any is closed
 */
public record CloseCall(Shard shard, String deletion, boolean isForced, long idleMs)
    implements ShardCall<CloseCall.Closed> {
  /** Whether it is closed, and what is deleted or, if it is not, is there. */
  public record Closed(boolean isClosed, long jobs, long entries) {}

  @Override
  public Script script() {
    return Script.CLOSE;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withStream(shard);
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(deletion).add(isForced).add(idleMs);
  }

  @Override
  public Closed read(Reply reply) {
    return new Closed(reply.flag(), reply.number(), reply.number());
  }
}
