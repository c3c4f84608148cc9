package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The primary that sentinels name. All are asked, and the one with the latest configuration epoch
 * is believed: a sentinel that was cut off names a primary of the past. They are asked four times a
 * second, so that a primary which was replaced is left at once, whether it is silent or still
 * answers.
 */
final class SentinelGateway extends RedisGateway {
  private static final Duration CHECK_EVERY = Duration.ofMillis(250);

  private final List<Node> sentinels;
  private final SharedCall<Node> search = new SharedCall<>(CHECK_EVERY.dividedBy(2), this::find);
  private final Runnable stopChecking;
  private volatile @Nullable Node primary;

  SentinelGateway(Clients clients) {
    super(clients);
    this.sentinels = clients.hosts().stream().map(host -> Node.sentinel(clients, host)).toList();
    this.stopChecking = clients.every(CHECK_EVERY, search::soon);
  }

  @Override
  public Uni<Response> send(byte[] key, Request request, Replication replication) {
    return listener()
        .chain(
            node ->
                node.send(request, replication)
                    .onFailure(RedisFailures::mayHaveMoved)
                    .invoke(() -> search.soon()));
  }

  @Override
  Uni<Node> listener() {
    Node known = primary;
    return known == null ? search.get() : Uni.createFrom().item(known);
  }

  @Override
  public Uni<List<ShardGroup>> groups() {
    return listener().map(node -> List.of(new ShardGroup(node.name(), ShardGroup.canary(0))));
  }

  @Override
  Stream<Node> nodes() {
    return Stream.ofNullable(primary);
  }

  @Override
  synchronized void disconnect() {
    stopChecking.run();
    sentinels.forEach(Node::close);
    Node last = primary;
    if (last != null) {
      last.close();
    }
  }

  /** Sentinels that are down are asked too, but not waited for while others are there. */
  private Uni<Node> find() {
    List<Uni<Optional<Answer>>> waited = new ArrayList<>();
    List<Uni<Optional<Answer>>> probes = new ArrayList<>();
    sentinels.forEach(each -> (each.isDown() ? probes : waited).add(ask(each)));
    if (!waited.isEmpty()) {
      probes.forEach(probe -> probe.subscribe().with(answer -> {}, failure -> {}));
    }
    return Uni.join()
        .all(waited.isEmpty() ? probes : waited)
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
        .inquire(request)
        .map(reply -> Optional.of(Answer.of(sentinel.uri(), reply)))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private Node follow(String uri) {
    Node last;
    Node next;
    synchronized (this) {
      last = primary;
      if (last != null && last.uri().equals(uri)) {
        return last;
      }
      next = new Node(clients, uri);
      primary = next;
    }
    // Not while holding this: who is told, or cut off, may ask for the primary at once.
    if (last != null) {
      last.close();
      moved();
    }
    return next;
  }

  private StoreUnavailableException nobodyKnows() {
    return Node.refusal(sentinels.stream())
        .orElseGet(
            () ->
                new StoreUnavailableException(
                    "no sentinel names a primary called " + clients.primaryName(), null));
  }

  /** What a sentinel says. */
  private record Answer(String uri, long epoch) {
    static Answer of(String sentinel, Response reply) {
      String uri = Clients.at(sentinel, reply.get("ip").toString(), reply.get("port").toInteger());
      return new Answer(uri, reply.get("config-epoch").toLong());
    }
  }
}
