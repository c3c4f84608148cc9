package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster. A command goes to the node that the slot table names, and where that node
 * sends it on to. The table is made anew when a node fails or sends on, and twice a second, since a
 * node that is silent does neither; several nodes are asked, and the one that is among the majority
 * and has the latest epoch is believed.
 */
final class ClusterGateway extends RedisGateway {
  private static final Duration CHECK_EVERY = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** So that one of them is among the majority, most likely. */
  private static final int MOST_ASKED = 3;

  /** A slot that moves twice while a command is on its way is rare; more is a broken cluster. */
  private static final int REDIRECTIONS = 5;

  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final SharedCall<SlotTable> look = new SharedCall<>(PAUSE, this::lookAround);
  private final Runnable stopChecking;
  private volatile @Nullable SlotTable table;

  ClusterGateway(Clients clients) {
    super(clients);
    this.stopChecking = clients.every(CHECK_EVERY, look::soon);
  }

  @Override
  public Uni<Response> send(byte[] key, Request request, Replication replication) {
    int slot = SlotTable.slotOf(key);
    return table().chain(known -> send(known, slot, request, replication));
  }

  @Override
  Uni<Node> listener() {
    return table()
        .map(
            known -> {
              List<Node> primaries = shuffled(known.primaries());
              return primaries.stream()
                  .filter(node -> !node.isDown())
                  .findFirst()
                  .orElseGet(() -> primaries.get(0));
            });
  }

  @Override
  public Uni<List<ShardGroup>> groups() {
    return table().map(SlotTable::groups);
  }

  @Override
  Stream<Node> nodes() {
    return nodes.values().stream();
  }

  @Override
  void disconnect() {
    stopChecking.run();
    nodes.values().forEach(Node::close);
  }

  private Uni<SlotTable> table() {
    SlotTable known = table;
    return known == null ? look.get() : Uni.createFrom().item(known);
  }

  private Uni<Response> send(SlotTable known, int slot, Request request, Replication replication) {
    String owner = known.owner(slot);
    if (owner == null) {
      look.soon();
      return Uni.createFrom()
          .failure(new StoreUnavailableException("no Redis serves slot " + slot, null));
    }
    return send(node(owner), request, replication, REDIRECTIONS);
  }

  private Uni<Response> send(
      Node node, Request request, Replication replication, int redirections) {
    return node.send(request, replication)
        .onFailure()
        .recoverWithUni(failure -> follow(node, request, replication, failure, redirections));
  }

  private Uni<Response> follow(
      Node node, Request request, Replication replication, Throwable failure, int left) {
    Redirection redirection = Redirection.of(failure);
    if (redirection == null || left == 0) {
      if (RedisFailures.mayHaveMoved(failure)) {
        look.soon();
      }
      return Uni.createFrom().failure(failure);
    }
    Node target = node(redirection.uri(node.uri()));
    if (redirection.isLasting()) {
      look.soon();
      return send(target, request, replication, left - 1);
    }
    return target
        .ask(request, replication)
        .onFailure()
        .recoverWithUni(again -> follow(target, request, replication, again, left - 1));
  }

  private Uni<SlotTable> lookAround() {
    SlotTable known = table;
    Collection<String> candidates = known == null ? clients.hosts() : known.nodes();
    List<Node> asked = shuffled(candidates);
    asked.sort(Comparator.comparing(Node::isDown));
    return ask(asked.subList(0, Math.min(MOST_ASKED, asked.size())))
        .chain(best -> best.isPresent() ? item(best) : ask(shuffled(clients.hosts())))
        .map(best -> follow(best.orElseThrow(this::nobodyKnows)));
  }

  private static <T> Uni<T> item(T item) {
    return Uni.createFrom().item(item);
  }

  private Uni<Optional<SlotTable>> ask(List<Node> asked) {
    return Uni.join()
        .all(asked.stream().map(ClusterGateway::ask).toList())
        .andFailFast()
        .map(
            answers ->
                answers.stream()
                    .flatMap(Optional::stream)
                    .max(
                        Comparator.comparing(SlotTable::isComplete)
                            .thenComparing(SlotTable::epoch)));
  }

  private static Uni<Optional<SlotTable>> ask(Node node) {
    Uni<Response> slots = node.inquire(Request.cmd(Command.CLUSTER).arg("SLOTS"));
    Uni<Response> info = node.inquire(Request.cmd(Command.CLUSTER).arg("INFO"));
    return Uni.combine()
        .all()
        .unis(slots, info)
        .with((ranges, state) -> Optional.of(new SlotTable(node.uri(), ranges, state.toString())))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private SlotTable follow(SlotTable next) {
    SlotTable last;
    synchronized (this) {
      last = table;
      if (last != null && next.epoch() < last.epoch()) {
        return last;
      }
      table = next;
    }
    // Not while holding this: who is told, or cut off, may ask for the table at once.
    if (last != null && !next.hasSameOwners(last)) {
      Set<String> demoted = last.primaries();
      demoted.removeAll(next.primaries());
      retire(demoted);
      moved();
    }
    return next;
  }

  /** What is on its way to them would only be sent back, if they answer at all. */
  private void retire(Set<String> demoted) {
    demoted.forEach(uri -> Optional.ofNullable(nodes.remove(uri)).ifPresent(Node::close));
  }

  private Node node(String uri) {
    return nodes.computeIfAbsent(uri, missing -> new Node(clients, missing));
  }

  private List<Node> shuffled(Collection<String> uris) {
    List<Node> order = new ArrayList<>(uris.stream().map(this::node).toList());
    Collections.shuffle(order);
    return order;
  }

  private StoreUnavailableException nobodyKnows() {
    return Node.refusal(nodes())
        .orElseGet(() -> new StoreUnavailableException("no node of the cluster answers", null));
  }
}
