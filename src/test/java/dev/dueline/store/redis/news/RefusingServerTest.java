package dev.dueline.store.redis.news;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.system.process.RedisServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A Redis that refuses by its configuration: who sends and who listens meet it again and again, and
 * the log has one line that says what to do, and one when it is over.
 */
final class RefusingServerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final byte[] KEY = {};

  private final Vertx vertx = Vertx.vertx();
  private final CapturedLog log = CapturedLog.of("dev.dueline.store.redis");
  private final AtomicInteger confirmed = new AtomicInteger();
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.inMemory();
  }

  @AfterEach
  void stop() {
    log.close();
    redis.close();
    vertx.closeAndAwait();
  }

  @Test
  void aWrongPasswordIsSaidOnce() throws IOException {
    redis.call("CONFIG", "SET", "requirepass", "right");
    try (RedisGateway gateway = gateway(":wrong@")) {
      meet(gateway, "WRONGPASS", "give quarkus.redis.hosts the user and password");
      redis.as("default", "right", "CONFIG", "SET", "requirepass", "wrong");
      awaitWell(gateway);
    }
  }

  @Test
  void aMissingPasswordIsSaidOnce() throws IOException {
    redis.call("CONFIG", "SET", "requirepass", "right");
    try (RedisGateway gateway = gateway("")) {
      meet(gateway, "", "give quarkus.redis.hosts the password that Redis asks for");
      redis.as("default", "right", "CONFIG", "SET", "requirepass", "");
      awaitWell(gateway);
    }
  }

  @Test
  void aRightThatOnlyListeningNeedsIsSaidOnceToo() throws IOException {
    redis.call("ACL", "SETUSER", "u", "on", ">p", "allkeys", "allchannels", "+@all", "-subscribe");
    try (RedisGateway gateway = gateway("u:p@")) {
      RedisSubscription subscription = listen(gateway);
      awaitRefusal(gateway, "NOPERM", "docs/operations.md");
      assertThat(answer(gateway)).isEqualTo("PONG");
      redis.call("ACL", "SETUSER", "u", "+@all");
      awaitOver(gateway);
      subscription.close();
    }
  }

  private void meet(RedisGateway gateway, String error, String remedy) {
    RedisSubscription subscription = listen(gateway);
    AtomicInteger refused = new AtomicInteger();
    await("refusals")
        .atMost(TIMEOUT)
        .until(
            () -> {
              String answer = answer(gateway);
              assertThat(answer).isNotEqualTo("PONG");
              return answer.contains(remedy) && refused.incrementAndGet() > 10;
            });
    awaitRefusal(gateway, error, remedy);
    subscription.close();
  }

  private void awaitRefusal(RedisGateway gateway, String error, String remedy) {
    await("a reason for readiness")
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(gateway.refusal("127.0.0.1:" + redis.port()))
                    .hasValueSatisfying(why -> assertThat(why).contains(error, remedy)));
    assertThat(refusals()).singleElement().asString().contains(remedy);
  }

  private void awaitWell(RedisGateway gateway) {
    RedisSubscription subscription = listen(gateway);
    await("an answer").atMost(TIMEOUT).until(() -> answer(gateway).equals("PONG"));
    awaitOver(gateway);
    subscription.close();
  }

  private void awaitOver(RedisGateway gateway) {
    await("the end of it")
        .atMost(TIMEOUT)
        .until(
            () -> {
              var unused = answer(gateway);
              return log.messages(Level.INFO).stream()
                  .anyMatch(line -> line.contains("refuses no commands any longer"));
            });
    await("a listener").atMost(TIMEOUT).until(() -> confirmed.get() > 0);
    assertThat(refusals()).hasSize(1);
    assertThat(gateway.refusal("127.0.0.1:" + redis.port())).isEmpty();
  }

  /** A connection that is slow on a busy machine is another matter. */
  private List<String> refusals() {
    return log.messages(Level.WARN).stream().filter(line -> line.contains("refuses")).toList();
  }

  private RedisSubscription listen(RedisGateway gateway) {
    RedisSubscription subscription = new RedisSubscription(gateway);
    subscription.add(
        "c",
        new RedisSubscription.Listener() {
          @Override
          public void listening() {
            confirmed.incrementAndGet();
          }

          @Override
          public void message(String text) {}
        });
    return subscription;
  }

  private static String answer(RedisGateway gateway) {
    return gateway
        .send(KEY, Request.cmd(Command.PING))
        .map(Object::toString)
        .onFailure()
        .recoverWithItem(failure -> RedisFailures.of(failure).getMessage())
        .await()
        .atMost(TIMEOUT);
  }

  private RedisGateway gateway(String credentials) {
    String address = "redis://%s127.0.0.1:%d".formatted(credentials, redis.port());
    return RedisGateway.of(vertx, new RedisOptions().setConnectionString(address), TIMEOUT);
  }
}
