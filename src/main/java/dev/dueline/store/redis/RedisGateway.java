package dev.dueline.store.redis;

import dev.dueline.store.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands down one leased connection without waiting for the replies of those before: the
 * pool of the client would send one command for each connection at a time. A connection that ends,
 * or is silent for too long, is given up, and the next command leases another. Thread-safe.
 */
final class RedisGateway {
  private final Redis redis;
  private final Duration timeout;
  private final AtomicReference<@Nullable Line> line = new AtomicReference<>();

  /**
   * A gateway to one client's Redis.
   *
   * @param timeout after which a command that has no reply fails
   */
  RedisGateway(Redis redis, Duration timeout) {
    this.redis = redis;
    this.timeout = timeout;
  }

  /** One command. Fails with the client's own failures; see {@link RedisFailures}. */
  Uni<Response> send(Request request) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Line used = line();
              return used.connection
                  .chain(connection -> connection.send(request))
                  .ifNoItem()
                  .after(timeout)
                  .failWith(
                      () -> new StoreUnavailableException("no reply from Redis: " + timeout, null))
                  .onFailure(RedisFailures::needsNewConnection)
                  .invoke(() -> giveUp(used));
            });
  }

  /** A connection of the caller's own. */
  Uni<RedisConnection> connect() {
    return redis.connect();
  }

  private Line line() {
    Line current = line.get();
    while (current == null) {
      line.compareAndSet(null, new Line());
      current = line.get();
    }
    return current;
  }

  private void giveUp(Line used) {
    if (line.compareAndSet(used, null)) {
      used.close();
    }
  }

  /** One leased connection, asked for when the first command needs it. */
  private final class Line {
    private final Uni<RedisConnection> connection =
        redis.connect().invoke(this::watch).memoize().indefinitely();

    private void watch(RedisConnection connection) {
      connection.exceptionHandler(failure -> giveUp(this));
      connection.endHandler(() -> giveUp(this));
    }

    /**
     * Ends the connection. The pool would hand it out again, silent or not, but for one that was
     * used for pub/sub, which it closes.
     */
    private void close() {
      connection
          .call(RedisGateway::markForPubSub)
          .chain(RedisConnection::close)
          .subscribe()
          .with(closed -> {}, failure -> {});
    }
  }

  private static Uni<?> markForPubSub(RedisConnection connection) {
    return connection.send(Request.cmd(Command.UNSUBSCRIBE)).onFailure().recoverWithNull();
  }
}
