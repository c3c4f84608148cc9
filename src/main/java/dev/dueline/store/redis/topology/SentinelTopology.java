package dev.dueline.store.redis.topology;

import dev.dueline.store.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The primary that sentinels name. All are asked, and the one with the latest configuration epoch
 * is believed: a sentinel that was cut off names a primary of the past. They are asked while calls
 * are made, so that a primary which was replaced, but still answers, is left within a second.
 */
final class SentinelTopology implements Topology {
  private static final Duration CHECK_EVERY = Duration.ofMillis(250);
  private static final Duration ASK_LIMIT = Duration.ofMillis(500);

  private final Clients clients;
  private final List<Node> sentinels;
  private final SharedCall<Node> search = new SharedCall<>(CHECK_EVERY, this::find);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Node primary;

  SentinelTopology(Clients clients) {
    this.clients = clients;
    this.sentinels = clients.hosts().stream().map(host -> Node.sentinel(clients, host)).toList();
  }

  @Override
  public Uni<Response> send(KeyedRequest keyed) {
    return listener()
        .chain(
            node ->
                node.send(keyed)
                    .onFailure(RedisFailures::mayHaveMoved)
                    .invoke(() -> search.soon()));
  }

  @Override
  public Uni<Node> listener() {
    Uni<Node> fresh = search.get();
    Node known = primary;
    return known == null ? fresh : Uni.createFrom().item(known);
  }

  @Override
  public Uni<List<ShardGroup>> groups() {
    return listener().map(node -> List.of(new ShardGroup(node.name(), ShardGroup.canary(0))));
  }

  @Override
  public void onMoved(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized void close() {
    sentinels.forEach(Node::close);
    Node last = primary;
    if (last != null) {
      last.close();
    }
  }

  private Uni<Node> find() {
    return Uni.join()
        .all(sentinels.stream().map(this::ask).toList())
        .andFailFast()
        .map(
            answers ->
                answers.stream()
                    .flatMap(Optional::stream)
                    .max(Comparator.comparingLong(Answer::epoch))
                    .map(answer -> follow(answer.uri))
                    .orElseThrow(this::nobodyKnows));
  }

  private Uni<Optional<Answer>> ask(Node sentinel) {
    Request request = Request.cmd(Command.SENTINEL).arg("MASTER").arg(clients.primaryName());
    return sentinel
        .send(request, ASK_LIMIT)
        .map(reply -> Optional.of(Answer.of(sentinel.uri(), reply)))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private synchronized Node follow(String uri) {
    Node last = primary;
    if (last != null && last.uri().equals(uri)) {
      return last;
    }
    Node next = new Node(clients, uri);
    primary = next;
    if (last != null) {
      last.close();
      listeners.forEach(Runnable::run);
    }
    return next;
  }

  private StoreUnavailableException nobodyKnows() {
    return new StoreUnavailableException(
        "no sentinel names a primary called " + clients.primaryName(), null);
  }

  /** What a sentinel says. */
  private record Answer(String uri, long epoch) {
    static Answer of(String sentinel, Response reply) {
      String uri = Clients.at(sentinel, reply.get("ip").toString(), reply.get("port").toInteger());
      return new Answer(uri, reply.get("config-epoch").toLong());
    }
  }
}
