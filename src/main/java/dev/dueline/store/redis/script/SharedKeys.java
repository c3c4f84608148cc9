package dev.dueline.store.redis.script;

import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.topology.RedisGateway;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all queues share, looked at after a script could not read it. By commands that scripts use,
 * too: a user of Redis's has the right to them.
 */
record SharedKeys(RedisGateway gateway) {
  /** A command that fails on a key of another type. */
  private static final Map<String, Command> SIZES =
      Map.of(
          RedisKeys.QUEUES, Command.HLEN,
          RedisKeys.QUEUE_NAMES, Command.ZCARD,
          RedisKeys.TURNS, Command.HLEN);

  /** The first key that is of another type than it should be; empty: none is seen to be. */
  Uni<Optional<String>> wrong(List<byte[]> keys) {
    return Multi.createFrom()
        .iterable(keys)
        .map(RedisKeys::text)
        .filter(SIZES::containsKey)
        .onItem()
        .transformToUniAndConcatenate(key -> isWrong(key).map(is -> is ? key : ""))
        .filter(key -> !key.isEmpty())
        .collect()
        .first()
        .map(Optional::ofNullable);
  }

  private Uni<Boolean> isWrong(String key) {
    return gateway
        .send(RedisKeys.bytes(key), Request.cmd(SIZES.get(key)).arg(key))
        .replaceWith(false)
        .onFailure()
        .recoverWithItem(RedisFailures::isOfData);
  }
}
