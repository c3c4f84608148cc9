package dev.dueline.store.redis.script;

import dev.dueline.job.Shard;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.topology.RedisFailures;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Runs a script on a shard: EVALSHA, and EVAL where Redis does not know it, since a restart or a
 * failover empties its cache. Thread-safe.
 */
public final class ScriptRunner {
  private final RedisGateway gateway;
  private final LongSupplier clockOffsetMs;
  private final StoreObserver observer;

  /**
   * A runner.
   *
   * @param clockOffsetMs what the scripts add to TIME; other than 0 only in tests
   * @param observer hears how long each script took, by its name
   */
  public ScriptRunner(RedisGateway gateway, LongSupplier clockOffsetMs, StoreObserver observer) {
    this.gateway = gateway;
    this.clockOffsetMs = clockOffsetMs;
    this.observer = observer;
  }

  /** The script's reply. Fails with the exceptions of the store's port. */
  public Uni<Response> run(Script script, Shard shard, Arguments arguments) {
    return run(script, shard, arguments, Replication.NONE);
  }

  /** The script's reply, once replicas have what it wrote. Otherwise it may be written or not. */
  public Uni<Response> run(Script script, Shard shard, Arguments arguments, Replication replication) {
    return run(script, keys(script, shard), arguments, replication);
  }

  /** The same for a script that takes other keys than those of a shard, all of one slot. */
  public Uni<Response> run(
      Script script, List<byte[]> keys, Arguments arguments, Replication replication) {
    long offset = clockOffsetMs.getAsLong();
    long sentNanos = System.nanoTime();
    Request bySha = request(Command.EVALSHA, script.sha(), keys, offset, arguments);
    return gateway
        .send(keys.get(0), bySha, replication)
        .onFailure(RedisFailures::isScriptMissing)
        .recoverWithUni(
            () -> {
              Request byText = request(Command.EVAL, script.text(), keys, offset, arguments);
              return gateway.send(keys.get(0), byText, replication);
            })
        .onFailure()
        .transform(RedisFailures::of)
        .onTermination()
        .invoke(() -> observer.called(script.title(), System.nanoTime() - sentNanos));
  }

  private static List<byte[]> keys(Script script, Shard shard) {
    Stream<byte[]> keys = RedisKeys.of(shard);
    return script.movesToStream()
        ? Stream.concat(keys, Stream.of(RedisKeys.bytes(RedisKeys.stream(shard)))).toList()
        : keys.toList();
  }

  private static Request request(
      Command command, String script, List<byte[]> keys, long offsetMs, Arguments arguments) {
    // The bare client's own request: the wrapped one takes a byte array only by way of a copy.
    var request =
        io.vertx.redis.client.Request.cmd(command.getDelegate()).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    request.arg(offsetMs);
    arguments.values().forEach(request::arg);
    return Request.newInstance(request);
  }
}
