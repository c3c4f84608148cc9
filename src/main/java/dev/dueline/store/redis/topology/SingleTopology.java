package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.stream.Stream;

/** One Redis, always the same. */
final class SingleTopology implements Topology {
  private final Node node;

  SingleTopology(Clients clients) {
    node = new Node(clients, clients.hosts().get(0));
  }

  @Override
  public Uni<Response> send(KeyedRequest keyed) {
    return node.send(keyed);
  }

  @Override
  public Uni<Node> listener() {
    return Uni.createFrom().item(node);
  }

  @Override
  public Uni<List<ShardGroup>> groups() {
    return Uni.createFrom().item(List.of(new ShardGroup(node.name(), ShardGroup.canary(0))));
  }

  @Override
  public Stream<Node> nodes() {
    return Stream.of(node);
  }

  @Override
  public void onMoved(Runnable listener) {}

  @Override
  public void close() {
    node.close();
  }
}
