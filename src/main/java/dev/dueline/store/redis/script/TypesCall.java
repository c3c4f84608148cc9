package dev.dueline.store.redis.script;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for the key of a shard that is of another type than it should be, or has no number where
 * one should be; gives the first.
 */
public record TypesCall(Shard shard) implements ShardCall<Optional<String>> {
  @Override
  public Script script() {
    return Script.TYPES;
  }

  @Override
  public List<byte[]> keys() {
    return Stream.concat(RedisKeys.withStream(shard).stream(), RedisKeys.requests(shard)).toList();
  }

  @Override
  public void addTo(Arguments arguments) {}

  @Override
  public Optional<String> read(Reply reply) {
    List<byte[]> wrong = keys().stream().filter(key -> reply.flag()).toList();
    return wrong.stream().map(RedisKeys::text).findFirst();
  }
}
