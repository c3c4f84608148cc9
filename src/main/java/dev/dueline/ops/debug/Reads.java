package dev.dueline.ops.debug;

import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.topology.RedisGateway;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Commands that read the keys of a shard, each of which waits for its reply. A key that is not what
 * a command expects counts as empty there. Not thread-safe.
 */
final class Reads {
  private final RedisGateway gateway;
  private final Shard shard;
  private final Duration timeout;
  private final Set<String> unreadable = new TreeSet<>();

  Reads(RedisGateway gateway, Shard shard, Duration timeout) {
    this.gateway = gateway;
    this.shard = shard;
    this.timeout = timeout;
  }

  /** An entry of a sorted set. */
  record Entry(byte[] member, long score) {}

  Shard shard() {
    return shard;
  }

  /** The keys that were not what a command expected. */
  Set<String> unreadable() {
    return unreadable;
  }

  /** The time of the Redis that has the shard, ms. */
  long nowMs() {
    Response time = send(RedisKeys.meta(shard), request(Command.TIME));
    return time == null ? 0 : time.get(0).toLong() * 1_000 + time.get(1).toLong() / 1_000;
  }

  /** What kind of value a key has; empty: there is no such key. */
  Optional<String> type(String key) {
    return Optional.ofNullable(read(Command.TYPE, key))
        .map(Response::toString)
        .filter(type -> !type.equals("none"));
  }

  /** The first entries of a sorted set. */
  List<Entry> first(String key, int most) {
    List<Entry> entries = new ArrayList<>();
    Response found =
        read(Command.ZRANGE, key, bytes("0"), bytes("" + (most - 1)), bytes("WITHSCORES"));
    if (found != null) {
      // In pairs by RESP3; by RESP2, where a server lets nobody speak that, one after the other.
      boolean isPaired = found.size() > 0 && found.get(0).type() == ResponseType.MULTI;
      for (int i = 0; i < found.size(); i += isPaired ? 1 : 2) {
        Response member = isPaired ? found.get(i).get(0) : found.get(i);
        Response score = isPaired ? found.get(i).get(1) : found.get(i + 1);
        entries.add(new Entry(member.toBytes(), Math.round(score.toDouble())));
      }
    }
    return entries;
  }

  /** The score of a member. */
  Optional<Long> score(String key, byte[] member) {
    return Optional.ofNullable(read(Command.ZSCORE, key, member))
        .map(score -> Math.round(score.toDouble()));
  }

  /** A field of a hash. */
  Optional<byte[]> field(String key, byte[] field) {
    return Optional.ofNullable(read(Command.HGET, key, field)).map(Response::toBytes);
  }

  /** Fields of a hash and their values, in turn, by name. */
  List<byte[]> fields(String key) {
    List<byte[]> found = new ArrayList<>();
    Response reply = read(Command.HGETALL, key);
    if (reply != null) {
      for (String name : new TreeSet<>(reply.getKeys())) {
        found.add(bytes(name));
        found.add(reply.get(name).toBytes());
      }
    }
    return found;
  }

  /** How many entries a key of that type has. */
  long size(String key, String type) {
    Command command =
        switch (type) {
          case "zset" -> Command.ZCARD;
          case "hash" -> Command.HLEN;
          case "stream" -> Command.XLEN;
          default -> Command.EXISTS;
        };
    Response size = read(command, key);
    return size == null ? 0 : size.toLong();
  }

  private @Nullable Response read(Command command, String key, byte[]... arguments) {
    var request = request(command).arg(bytes(key));
    for (byte[] argument : arguments) {
      request.arg(argument);
    }
    try {
      return send(key, request);
    } catch (StoreDataException e) {
      unreadable.add(key);
      return null;
    }
  }

  private @Nullable Response send(String key, io.vertx.redis.client.Request request) {
    return gateway
        .send(bytes(key), Request.newInstance(request))
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, key))
        .await()
        .atMost(timeout.plusSeconds(1));
  }

  private static io.vertx.redis.client.Request request(Command command) {
    return io.vertx.redis.client.Request.cmd(command.getDelegate());
  }

  private static byte[] bytes(String text) {
    return RedisKeys.bytes(text);
  }
}
