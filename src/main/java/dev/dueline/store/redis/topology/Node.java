package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.failure.RefusalLog;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One Redis server. Thread-safe. */
final class Node {
  /** What the client puts before the error of one command of several. */
  private static final Pattern BATCH_PREFIX = Pattern.compile("^ERR \\[[0-9]+] ");

  /** How the client spells a failure that Redis knows nothing of, as part of such an error. */
  private static final Pattern EXCEPTION =
      Pattern.compile("(^|[^\\w.])[a-z]+(\\.[a-z0-9]+)+\\.[A-Z][\\w$]*");

  private static final Duration WATCH_EVERY = Duration.ofMillis(200);

  private static final Duration INQUIRY_LIMIT = Duration.ofMillis(700);

  /** An attempt to connect that the network forgot is not waited for: news is worth little late. */
  private static final Duration LISTEN_LIMIT = Duration.ofMillis(700);

  private final Clients clients;
  private final String uri;
  private final Duration timeout;
  private final Line line;

  /** For writes that wait for replicas: a connection that waits holds up all that comes behind. */
  private final Line waitingLine;

  private final RefusalLog refusals;
  private final Runnable stopWatching;

  Node(Clients clients, String uri) {
    this(clients, uri, "Redis");
  }

  private Node(Clients clients, String uri, String kind) {
    String name = kind + " at " + Clients.name(uri);
    this.clients = clients;
    this.uri = uri;
    this.timeout = clients.timeout();
    this.refusals = new RefusalLog(name, System::nanoTime);
    this.line = line(name);
    this.waitingLine = line(name + ", for replicated writes,");
    this.stopWatching = clients.every(WATCH_EVERY, line::watch);
  }

  private Line line(String name) {
    ContextInternal loop = clients.loop();
    return new Line(name, () -> clients.client(uri, loop), clients.limits(), refusals);
  }

  static Node sentinel(Clients clients, String uri) {
    return new Node(clients, uri, "Sentinel");
  }

  String uri() {
    return uri;
  }

  String name() {
    return Clients.name(uri);
  }

  boolean isDown() {
    return line.isDown();
  }

  /** Why it refuses all that is asked of it, or some commands; null: it does not. */
  @Nullable StoreRefusesException refusal() {
    StoreRefusesException whole = line.refusal();
    return whole != null ? whole : refusals.last();
  }

  /** Why one of the servers refuses; empty: none does. */
  static Optional<StoreUnavailableException> refusal(Stream<Node> nodes) {
    return nodes
        .flatMap(node -> Stream.<StoreUnavailableException>ofNullable(node.refusal()))
        .findFirst();
  }

  private <T> Uni<T> use(
      Line used, Duration limit, Function<RedisConnection, Uni<? extends T>> exchange) {
    return used.use(limit, exchange)
        .invoke(refusals::served)
        .onFailure(RedisFailures::isRefusedCommand)
        .invoke(refusals::refused);
  }

  /**
   * A question about where things are. Whoever asks does not wait for long, while the connection,
   * which others use, gets its time.
   */
  Uni<Response> inquire(Request request) {
    return send(request).memoize().indefinitely().ifNoItem().after(INQUIRY_LIMIT).fail();
  }

  /** A connection on which everything can be heard that is published. */
  Uni<Dedicated> listen() {
    return Dedicated.open(clients.client(uri), LISTEN_LIMIT, refusals);
  }

  private Uni<Response> send(Request request) {
    return use(line, timeout, connection -> connection.send(request));
  }

  /** One command that counts only when replicas have it too. */
  Uni<Response> send(Request request, Replication replication) {
    if (replication.replicas() == 0) {
      return send(request);
    }
    return use(
            waitingLine,
            timeout.plus(replication.timeout()),
            connection ->
                connection
                    .send(request)
                    .chain(
                        reply -> connection.send(wait(replication)).map(n -> new Kept(reply, n))))
        .map(kept -> kept.by(replication));
  }

  /** Sends to a node that only imports the slot yet. */
  Uni<Response> ask(Request request, Replication replication) {
    Request asking = Request.cmd(Command.ASKING);
    if (replication.replicas() == 0) {
      return use(line, timeout, to -> batch(to, List.of(asking, request)))
          .map(replies -> replies.get(1));
    }
    List<Request> all = List.of(asking, request, wait(replication));
    return use(waitingLine, timeout.plus(replication.timeout()), to -> batch(to, all))
        .map(replies -> new Kept(replies.get(1), replies.get(2)).by(replication));
  }

  private static Uni<List<Response>> batch(RedisConnection connection, List<Request> requests) {
    return connection.batch(requests).onFailure(ErrorType.class).transform(Node::withoutPrefix);
  }

  void close() {
    stopWatching.run();
    line.close();
    waitingLine.close();
  }

  private static Request wait(Replication replication) {
    return Request.cmd(Command.WAIT)
        .arg(replication.replicas())
        .arg(replication.timeout().toMillis());
  }

  /**
   * The last of the errors, each a line. When the connection ends, all of them are failures of the
   * client, whose texts may then be one in the other: it writes them in several threads.
   */
  static Throwable withoutPrefix(Throwable failure) {
    String errors = String.valueOf(failure.getMessage());
    if (EXCEPTION.matcher(errors).find()) {
      return new StoreUnavailableException("the connection to Redis was lost", failure);
    }
    String last = errors.lines().reduce("", (before, line) -> line);
    return ErrorType.create(BATCH_PREFIX.matcher(last).replaceFirst(""));
  }

  /** A reply, and how many replicas have what it speaks of. */
  private record Kept(Response reply, Response replicas) {
    Response by(Replication replication) {
      if (replicas.toInteger() < replication.replicas()) {
        throw new StoreUnavailableException(
            "only %s of %d replicas have it".formatted(replicas, replication.replicas()), null);
      }
      return reply;
    }
  }
}
