package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way to Redis, wherever it is. Nothing is connected before it is needed. Calls fail with the
 * client's own failures, see {@link RedisFailures}, and within a bounded time. Thread-safe.
 */
public final class RedisGateway implements AutoCloseable {
  private final Clients clients;
  private final Topology topology;
  private final Duration timeout;

  /**
   * A gateway.
   *
   * @param options where Redis is, and how it is reached
   * @param timeout after which a command that has no reply fails
   */
  public RedisGateway(Vertx vertx, RedisOptions options, Duration timeout) {
    this.clients = new Clients(vertx, options, timeout);
    this.topology = topology(options.getType(), clients);
    this.timeout = timeout;
  }

  /** After which a command that has no reply fails. */
  public Duration timeout() {
    return timeout;
  }

  /** One command, to the Redis that holds a key. */
  public Uni<Response> send(byte[] key, Request request) {
    return send(key, request, Replication.NONE);
  }

  /** One command that counts only when replicas have it too. */
  public Uni<Response> send(byte[] key, Request request, Replication replication) {
    return topology.send(new KeyedRequest(key, request, replication));
  }

  /** A connection on which everything can be heard that is published. */
  public Uni<Dedicated> listen() {
    return topology.listener().chain(Node::listen);
  }

  /** Why a primary refuses commands, as of late; empty: it does not. */
  public Optional<String> refusal(String primary) {
    return Node.refusal(topology.nodes().filter(node -> node.name().equals(primary)))
        .map(Throwable::getMessage);
  }

  /** The groups of shards that share a primary. */
  public Uni<List<ShardGroup>> groups() {
    return topology.groups();
  }

  /** Calls back each time when a primary has changed. Any thread. */
  public void onMoved(Runnable listener) {
    topology.onMoved(listener);
  }

  @Override
  public void close() {
    topology.close();
    clients.close();
  }

  private static Topology topology(RedisClientType type, Clients clients) {
    return switch (type) {
      case STANDALONE -> new SingleTopology(clients);
      case SENTINEL -> new SentinelTopology(clients);
      case CLUSTER -> new ClusterTopology(clients);
      case REPLICATION ->
          throw new IllegalArgumentException(
              "quarkus.redis.client-type=replication is not supported: name the primary alone, or"
                  + " use sentinels or a cluster");
    };
  }
}
