package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.function.LongSupplier;

/**
 * Runs a script on a shard: EVALSHA, and EVAL where Redis does not know it, since a restart or a
 * failover empties its cache. Thread-safe.
 */
final class ScriptRunner {
  private static final int KEYS = 6;

  private final RedisGateway gateway;
  private final LongSupplier clockOffsetMs;

  /**
   * A runner.
   *
   * @param clockOffsetMs what the scripts add to TIME; other than 0 only in tests
   */
  ScriptRunner(RedisGateway gateway, LongSupplier clockOffsetMs) {
    this.gateway = gateway;
    this.clockOffsetMs = clockOffsetMs;
  }

  /** The script's reply. Fails with the exceptions of the store's port. */
  Uni<Response> run(Script script, Shard shard, Arguments arguments) {
    long offset = clockOffsetMs.getAsLong();
    return gateway
        .send(request(Command.EVALSHA, script.sha(), shard, offset, arguments))
        .onFailure(RedisFailures::isScriptMissing)
        .recoverWithUni(
            () -> gateway.send(request(Command.EVAL, script.text(), shard, offset, arguments)))
        .onFailure()
        .transform(RedisFailures::of);
  }

  private static Request request(
      Command command, String script, Shard shard, long offsetMs, Arguments arguments) {
    // The bare client's own request: the wrapped one takes a byte array only by way of a copy.
    var request = io.vertx.redis.client.Request.cmd(command.getDelegate()).arg(script).arg(KEYS);
    RedisKeys.of(shard).forEach(request::arg);
    request.arg(offsetMs);
    arguments.values().forEach(request::arg);
    return Request.newInstance(request);
  }
}
