package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.stream.Stream;

/** One Redis, always the same. */
final class SingleGateway extends RedisGateway {
  private final Node node;

  SingleGateway(Clients clients) {
    super(clients);
    node = new Node(clients, clients.hosts().get(0));
  }

  @Override
  public Uni<Response> send(byte[] key, Request request, Replication replication) {
    return node.send(request, replication);
  }

  @Override
  Uni<Node> listener() {
    return Uni.createFrom().item(node);
  }

  @Override
  public Uni<List<ShardGroup>> groups() {
    return Uni.createFrom().item(List.of(new ShardGroup(node.name(), ShardGroup.canary(0))));
  }

  @Override
  Stream<Node> nodes() {
    return Stream.of(node);
  }

  @Override
  void disconnect() {
    node.close();
  }
}
