package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.RedisServer;
import io.vertx.core.Context;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection whose replies wait for an event loop is not silent. */
final class LateLoopTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than one is kept that another connection shows to be dead. */
  private static final Duration WHILE = Duration.ofMillis(500);

  private static final byte[] KEY = {};

  private final Vertx vertx = Vertx.vertx();
  private final RedisServer redis = RedisServer.inMemory();
  private final CountDownLatch late = new CountDownLatch(1);

  // Three event loops.
  private final Context watch = context();
  private final Context connection = context();
  private final Context caller = context();

  private final RedisGateway gateway = on(watch, this::gateway).join();

  @AfterEach
  void stop() {
    late.countDown();
    vertx.closeAndAwait();
    redis.close();
  }

  private Context context() {
    return ((VertxInternal) vertx.getDelegate()).createEventLoopContext();
  }

  private RedisGateway gateway() {
    String address = "redis://127.0.0.1:" + redis.port();
    return new RedisGateway(vertx, new RedisOptions().setConnectionString(address), LIMIT);
  }

  private static <T> CompletableFuture<T> on(Context context, Supplier<T> made) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(on -> result.complete(made.get()));
    return result;
  }

  private CompletableFuture<Response> pingOn(Context context) {
    return on(context, this::ping).thenCompose(reply -> reply);
  }

  private CompletableFuture<Response> ping() {
    return gateway.send(KEY, Request.cmd(Command.PING)).subscribeAsCompletionStage();
  }

  @Test
  void keepsAConnectionWhoseLoopIsLate() throws IOException {
    keepsItsConnection(
        connection,
        before ->
            Awaitility.await("no verdict while its loop is late")
                .atMost(LIMIT)
                .during(WHILE)
                .until(() -> connections().size() > before.size()));
  }

  @Test
  void keepsAConnectionWhoseCallersLoopIsLate() throws IOException {
    keepsItsConnection(
        caller,
        before ->
            Awaitility.await("the verdict while the caller's loop is late")
                .atMost(LIMIT)
                .until(() -> connections().equals(before)));
  }

  private void keepsItsConnection(Context held, Consumer<Set<String>> meanwhile)
      throws IOException {
    pingOn(connection).join();
    Set<String> one = connections();
    CompletableFuture<Response> waiting =
        on(
                held,
                () -> {
                  CompletableFuture<Response> reply = ping();
                  hold();
                  return reply;
                })
            .thenCompose(reply -> reply);

    Awaitility.await("a connection that is tried")
        .atMost(LIMIT)
        .until(() -> connections().size() > one.size());
    meanwhile.accept(one);
    late.countDown();

    assertThat(waiting.join()).hasToString("PONG");
    Awaitility.await("the first connection alone")
        .atMost(LIMIT)
        .until(() -> connections().equals(one));
  }

  private void hold() {
    try {
      late.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The ids of those that last. */
  private Set<String> connections() throws IOException {
    return ((String) redis.call("CLIENT", "LIST", "TYPE", "normal"))
        .lines()
        .filter(line -> !line.contains("cmd=client"))
        .map(line -> line.split(" ")[0])
        .collect(Collectors.toSet());
  }
}
