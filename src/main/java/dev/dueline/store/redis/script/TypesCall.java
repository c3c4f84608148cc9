package dev.dueline.store.redis.script;

import dev.dueline.job.Shard;
import dev.dueline.store.redis.layout.RedisKeys;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for the key of a shard that is of another type than it should be; gives the first. */
public record TypesCall(Shard shard) implements ShardCall<Optional<String>> {
  /** In the order of the keys. */
  private static final List<String> TYPES =
      List.of("zset", "hash", "hash", "zset", "zset", "hash", "stream");

  @Override
  public Script script() {
    return Script.TYPES;
  }

  @Override
  public List<byte[]> keys() {
    return Stream.concat(RedisKeys.of(shard), Stream.of(RedisKeys.bytes(RedisKeys.stream(shard))))
        .toList();
  }

  @Override
  public void addTo(Arguments arguments) {}

  @Override
  public Optional<String> read(Reply reply) {
    Optional<String> wrong = Optional.empty();
    for (int i = 0; i < TYPES.size(); i++) {
      String type = reply.text();
      if (wrong.isEmpty() && !type.equals("none") && !type.equals(TYPES.get(i))) {
        wrong = Optional.of(RedisKeys.text(keys().get(i)));
      }
    }
    return wrong;
  }
}
