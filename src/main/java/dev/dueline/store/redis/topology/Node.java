package dev.dueline.store.redis.topology;

import dev.dueline.store.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** One Redis server. Thread-safe. */
final class Node {
  /** What the client puts before the error of one command of several. */
  private static final Pattern BATCH_PREFIX = Pattern.compile("^ERR \\[[0-9]+] ");

  private static final Duration WATCH_EVERY = Duration.ofMillis(200);

  private static final Duration INQUIRY_LIMIT = Duration.ofMillis(700);

  private final String uri;
  private final Duration timeout;
  private final Line line;

  /** For writes that wait for replicas: a connection that waits holds up all that comes behind. */
  private final Line waitingLine;

  private final Runnable stopWatching;

  Node(Clients clients, String uri) {
    this(clients, uri, "Redis");
  }

  private Node(Clients clients, String uri, String kind) {
    String name = kind + " at " + Clients.name(uri);
    this.uri = uri;
    this.timeout = clients.timeout();
    this.line = new Line(name, () -> clients.client(uri));
    this.waitingLine = new Line(name + ", for replicated writes,", () -> clients.client(uri));
    this.stopWatching = clients.every(WATCH_EVERY, line::watch);
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

  /**
   * A question about where things are. Whoever asks does not wait for long, while the connection,
   * which others use, gets its time.
   */
  Uni<Response> inquire(Request request) {
    return send(request).memoize().indefinitely().ifNoItem().after(INQUIRY_LIMIT).fail();
  }

  private Uni<Response> send(Request request) {
    return line.use(timeout, connection -> connection.send(request));
  }

  Uni<Response> send(KeyedRequest keyed) {
    Replication replication = keyed.replication();
    if (replication.replicas() == 0) {
      return send(keyed.request());
    }
    return waitingLine
        .use(
            timeout.plus(replication.timeout()),
            connection ->
                connection
                    .send(keyed.request())
                    .chain(
                        reply -> connection.send(wait(replication)).map(n -> new Kept(reply, n))))
        .map(kept -> kept.by(replication));
  }

  /** Sends to a node that only imports the slot yet. */
  Uni<Response> ask(KeyedRequest keyed) {
    List<Request> both = List.of(Request.cmd(Command.ASKING), keyed.request());
    return line.use(timeout, connection -> connection.batch(both))
        .map(replies -> replies.get(1))
        .onFailure(ErrorType.class)
        .transform(Node::withoutPrefix);
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

  private static Throwable withoutPrefix(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return ErrorType.create(BATCH_PREFIX.matcher(message).replaceFirst(""));
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
