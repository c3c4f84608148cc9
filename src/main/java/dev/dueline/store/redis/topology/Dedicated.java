package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import java.time.Duration;

/** A connection that is its holder's alone: for pub/sub. */
public final class Dedicated {
  private final Redis client;
  private final RedisConnection connection;

  private Dedicated(Redis client, RedisConnection connection) {
    this.client = client;
    this.connection = connection;
  }

  static Uni<Dedicated> open(Redis client, Duration timeout) {
    return client
        .connect()
        .ifNoItem()
        .after(timeout)
        .failWith(
            () ->
                new StoreUnavailableException(
                    "no connection within " + timeout.toMillis() + " ms", null))
        .map(connection -> new Dedicated(client, connection))
        .onFailure()
        .invoke(client::close);
  }

  /** The connection. */
  public RedisConnection connection() {
    return connection;
  }

  /** Ends it, whatever its state. */
  public void close() {
    client.close();
  }
}
