package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;
import java.util.stream.Stream;

/** Forgets the requests that a shard knows by their ids, whether its queue is there or not. */
public record ForgetCall(Shard shard) implements ShardCall<Long> {
  @Override
  public Script script() {
    return Script.FORGET;
  }

  @Override
  public List<byte[]> keys() {
    return Stream.concat(RedisKeys.of(shard), RedisKeys.requests(shard)).toList();
  }

  @Override
  public void addTo(Arguments arguments) {}

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
