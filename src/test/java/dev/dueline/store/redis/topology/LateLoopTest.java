package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.RedisServer;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection whose replies wait for an event loop is not silent. */
final class LateLoopTest {
  private static final int LOOPS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than a connection that is taken for dead is kept. */
  private static final Duration WHILE = Duration.ofSeconds(1);

  private static final byte[] KEY = {};

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
  private final RedisServer redis = RedisServer.inMemory();
  private final CountDownLatch late = new CountDownLatch(1);

  /** One of each loop: the next is another's. */
  private final List<Context> loops = Stream.generate(this::context).limit(LOOPS).toList();

  /** Which watches over silence on the first. */
  private final RedisGateway gateway = on(loops.get(0), this::gateway).join();

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
    return RedisGateway.of(vertx, new RedisOptions().setConnectionString(address), LIMIT);
  }

  private static <T> CompletableFuture<T> on(Context context, Supplier<T> made) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(on -> result.complete(made.get()));
    return result;
  }

  private CompletableFuture<Response> ping() {
    return gateway.send(KEY, Request.cmd(Command.PING)).subscribeAsCompletionStage();
  }

  /** On one of the others the connection is read; the callers' is all of them in turn. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void keepsAConnectionWhoseRepliesWait(int held) throws IOException {
    ping().join();
    // That on which the server was asked whether it is there may be listed still.
    Set<String> one =
        Awaitility.await("one connection")
            .atMost(LIMIT)
            .until(this::connections, all -> all.size() == 1);
    CompletableFuture<Response> waiting =
        on(
                loops.get(held),
                () -> {
                  CompletableFuture<Response> reply = ping();
                  hold();
                  return reply;
                })
            .thenCompose(reply -> reply);

    Awaitility.await("the connection while the loop is late")
        .atMost(LIMIT)
        .during(WHILE)
        .until(() -> connections().containsAll(one));
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
