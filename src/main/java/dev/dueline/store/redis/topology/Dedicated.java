package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.failure.RefusalLog;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import java.time.Duration;

/** A connection that is its holder's alone: for pub/sub. */
public final class Dedicated {
  private final Redis client;
  private final RedisConnection connection;
  private final RefusalLog refusals;

  private Dedicated(Redis client, RedisConnection connection, RefusalLog refusals) {
    this.client = client;
    this.connection = connection;
    this.refusals = refusals;
  }

  static Uni<Dedicated> open(Redis client, Duration timeout, RefusalLog refusals) {
    return client
        .connect()
        .ifNoItem()
        .after(timeout)
        .failWith(
            () ->
                new StoreUnavailableException(
                    "no connection within " + timeout.toMillis() + " ms", null))
        .map(connection -> new Dedicated(client, connection, refusals))
        .onFailure(RedisFailures::isRefusal)
        .invoke(refusals::refused)
        .onFailure()
        .invoke(client::close);
  }

  /** The connection. */
  public RedisConnection connection() {
    return connection;
  }

  /** The server refuses a command on it. */
  public void refused(Throwable failure) {
    refusals.refused(failure);
  }

  /** Ends it, whatever its state. */
  public void close() {
    client.close();
  }
}
