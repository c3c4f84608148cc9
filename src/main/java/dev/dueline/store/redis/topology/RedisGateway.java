package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The way to Redis, wherever it is. Nothing is connected before it is needed. Calls fail with the
 * client's own failures, see {@link RedisFailures}, and within a bounded time. Thread-safe.
 */
public abstract sealed class RedisGateway implements AutoCloseable
    permits SingleGateway, SentinelGateway, ClusterGateway {
  final Clients clients;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  RedisGateway(Clients clients) {
    this.clients = clients;
  }

  /**
   * A gateway.
   *
   * @param options where Redis is, and how it is reached
   * @param timeout after which a command that has no reply fails
   */
  public static RedisGateway of(Vertx vertx, RedisOptions options, Duration timeout) {
    Clients clients = new Clients(vertx, options, timeout);
    return switch (options.getType()) {
      case STANDALONE -> new SingleGateway(clients);
      case SENTINEL -> new SentinelGateway(clients);
      case CLUSTER -> new ClusterGateway(clients);
      case REPLICATION ->
          throw new IllegalArgumentException(
              "quarkus.redis.client-type=replication is not supported: name the primary alone, or"
                  + " use sentinels or a cluster");
    };
  }

  /** After which a command that has no reply fails. */
  public final Duration timeout() {
    return clients.timeout();
  }

  /** One command, to the Redis that holds a key. */
  public final Uni<Response> send(byte[] key, Request request) {
    return send(key, request, Replication.NONE);
  }

  /** One command that counts only when replicas have it too. */
  public abstract Uni<Response> send(byte[] key, Request request, Replication replication);

  /** A connection on which everything can be heard that is published. */
  public final Uni<Dedicated> listen() {
    return listener().chain(Node::listen);
  }

  /** Why a primary refuses commands, as of late; empty: it does not. */
  public final Optional<String> refusal(String primary) {
    return Node.refusal(nodes().filter(node -> node.name().equals(primary)))
        .map(Throwable::getMessage);
  }

  /** The groups of shards that share a primary. */
  public abstract Uni<List<ShardGroup>> groups();

  /** Calls back each time when a primary has changed. Any thread. */
  public final void onMoved(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public final void close() {
    disconnect();
    clients.close();
  }

  /** A server that hears all announcements. */
  abstract Uni<Node> listener();

  /** The servers of data that commands were sent to. */
  abstract Stream<Node> nodes();

  /** Ends all connections. */
  abstract void disconnect();

  /** Tells that a primary has changed. */
  final void moved() {
    listeners.forEach(Runnable::run);
  }
}
