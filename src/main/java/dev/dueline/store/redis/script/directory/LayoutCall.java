package dev.dueline.store.redis.script.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Lets a shard say how many shards its queue has; gives how many it says then.
 *
 * @param found what it was found to say; 0: nothing
 * @param reopens also a shard that was closed by a deletion that may be under way; otherwise it
 *     goes on saying nothing, 0
 * @param deletion which was found to have closed it; empty: none. Where that is not so any longer,
 *     it is opened only if it reopens
 */
public record LayoutCall(Shard shard, int found, int shards, boolean reopens, String deletion)
    implements ShardCall<Integer> {
  @Override
  public Script script() {
    return Script.LAYOUT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(found).add(shards).add(reopens).add(deletion);
  }

  @Override
  public Integer read(Reply reply) {
    return (int) reply.number();
  }
}
