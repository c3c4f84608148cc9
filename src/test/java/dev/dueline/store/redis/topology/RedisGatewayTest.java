package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.TestRedis;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.system.process.RedisServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The gateway and connections that fail. */
final class RedisGatewayTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final byte[] KEY = {};

  @Test
  void leavesAConnectionThatIsSilent() {
    Vertx vertx = Vertx.vertx();
    try (RedisServer process = RedisServer.inMemory()) {
      String address = "redis://127.0.0.1:" + process.port();
      RedisOptions options = new RedisOptions().setConnectionString(address);
      RedisGateway gateway = RedisGateway.of(vertx, options, TIMEOUT);
      for (int round = 0; round < 3; round++) {
        Request silent = Request.cmd(Command.BLPOP).arg("nothing").arg(0);
        assertThatThrownBy(
                () ->
                    gateway
                        .send(KEY, silent)
                        .onFailure()
                        .transform(RedisFailures::of)
                        .await()
                        .atMost(LIMIT))
            .isInstanceOf(StoreUnavailableException.class);

        awaitPong(gateway);
        Awaitility.await("the end of the connection that was silent")
            .atMost(LIMIT)
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> !((String) process.call("CLIENT", "LIST")).contains("cmd=blpop"));
      }
    } finally {
      vertx.closeAndAwait();
    }
  }

  @Test
  void connectsToNothingOnceItIsClosed() throws IOException {
    Vertx vertx = TestRedis.withoutPeriodicChecks();
    try (RedisServer process = RedisServer.inMemory()) {
      String address = "redis://127.0.0.1:" + process.port();
      RedisOptions options = new RedisOptions().setConnectionString(address);
      RedisGateway gateway = RedisGateway.of(vertx, options, TIMEOUT);
      awaitPong(gateway);
      gateway.close();
      long before = received(process);
      assertThatThrownBy(() -> gateway.send(KEY, Request.cmd(Command.PING)).await().atMost(LIMIT))
          .isInstanceOf(StoreUnavailableException.class);
      // One for the question itself.
      assertThat(received(process)).isEqualTo(before + 1);
    } finally {
      vertx.closeAndAwait();
    }
  }

  /** How many connections the server has taken. */
  private static long received(RedisServer process) throws IOException {
    return ((String) process.call("INFO", "stats"))
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  /** On a busy machine another connection may take longer than a command may. */
  private static void awaitPong(RedisGateway gateway) {
    Awaitility.await("an answer on another connection")
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(RuntimeException.class)
        .until(
            () ->
                gateway
                    .send(KEY, Request.cmd(Command.PING))
                    .await()
                    .atMost(LIMIT)
                    .toString()
                    .equals("PONG"));
  }
}
