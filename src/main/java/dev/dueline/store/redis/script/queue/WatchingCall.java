package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/** Names the replicas that have watchers of a queue, which its first shard keeps. */
public record WatchingCall(Shard shard) implements ShardCall<List<Long>> {
  @Override
  public Script script() {
    return Script.WATCHING;
  }

  @Override
  public void addTo(Arguments arguments) {}

  @Override
  public List<Long> read(Reply reply) {
    return reply.rows(() -> Long.parseUnsignedLong(reply.text(), 16));
  }
}
