package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The primary is where the sentinels say that know best. */
final class SentinelGatewayTest {
  private static final String NAME = "dueline";
  private static final byte[] KEY = {};

  /** Sentinels that saw the machine stand still do nothing for half a minute. */
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path data;

  @AfterEach
  void closeVertx() {
    vertx.closeAndAwait();
  }

  private RedisGateway gateway(List<Integer> sentinels) {
    RedisOptions options = new RedisOptions().setType(RedisClientType.SENTINEL).setMasterName(NAME);
    sentinels.forEach(port -> options.addConnectionString("redis://127.0.0.1:" + port));
    RedisGateway gateway = RedisGateway.of(vertx, options, Duration.ofSeconds(2));
    TestJobs.awaitReady(gateway);
    return gateway;
  }

  /** The port of the Redis that commands get to. */
  private static int reached(RedisGateway gateway) {
    Request port = Request.cmd(Command.CONFIG).arg("GET").arg("port");
    String reply = TestJobs.await(gateway.send(KEY, port)).get("port").toString();
    return Integer.parseInt(reply);
  }

  private static String role(RedisGateway gateway) {
    return TestJobs.await(gateway.send(KEY, Request.cmd(Command.ROLE))).get(0).toString();
  }

  /** The first answer: a call may fail while a server stands still. */
  private static <T> T answer(Callable<T> call) {
    return Awaitility.await("an answer")
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(RuntimeException.class)
        .until(call, Objects::nonNull);
  }

  private static void awaitReached(RedisGateway gateway, RedisServer server) {
    Awaitility.await("commands at " + server.port())
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(RuntimeException.class)
        .until(() -> reached(gateway) == server.port());
  }

  @Test
  void aSentinelOfThePastIsNotBelieved() throws IOException {
    try (RedisServer old = RedisServer.inMemory();
        RedisServer next = RedisServer.inMemory();
        FakeSentinel cutOff = new FakeSentinel(old.port(), 3);
        FakeSentinel informed = new FakeSentinel(next.port(), 4);
        RedisGateway gateway = gateway(List.of(cutOff.port(), informed.port()))) {
      awaitReached(gateway, next);

      informed.name(old.port(), 5);
      awaitReached(gateway, old);
      cutOff.name(next.port(), 4);
      informed.name(old.port(), 6);
      Awaitility.await()
          .during(Duration.ofSeconds(1))
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(RuntimeException.class)
          .until(() -> reached(gateway) == old.port());
    }
  }

  @Test
  void followsThroughAFailoverWhileASentinelIsStopped() throws IOException {
    List<RedisServer> started = new ArrayList<>();
    try {
      RedisServer primary = redis(started, List.of());
      RedisServer replica = redis(started, List.of("replicaof 127.0.0.1 " + primary.port()));
      List<RedisServer> sentinels = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sentinels.add(
            RedisServer.startSentinel(
                data.resolve("sentinel" + i), LoopbackPort.free(), watching(primary)));
        started.add(sentinels.get(i));
      }
      sentinels.get(0).stop();
      try (RedisGateway gateway = gateway(sentinels.stream().map(RedisServer::port).toList())) {
        assertThat(answer(() -> reached(gateway))).isEqualTo(primary.port());

        Awaitility.await("a replica that sentinels would promote")
            .atMost(LIMIT)
            .ignoreExceptions()
            .until(() -> sentinels.get(1).call("SENTINEL", "FAILOVER", NAME).equals("OK"));
        awaitReached(gateway, replica);
        assertThat(answer(() -> role(gateway))).isEqualTo("master");
      }
    } finally {
      started.forEach(RedisServer::close);
    }
  }

  private RedisServer redis(List<RedisServer> started, List<String> settings) {
    List<String> lines = new ArrayList<>(List.of("save \"\"", "repl-diskless-sync-delay 0"));
    lines.addAll(settings);
    RedisServer server =
        RedisServer.start(data.resolve("redis" + started.size()), LoopbackPort.free(), lines);
    started.add(server);
    return server;
  }

  /** They fail over when they are told to, and not because the machine stood still. */
  private static List<String> watching(RedisServer primary) {
    return List.of(
        "sentinel monitor " + NAME + " 127.0.0.1 " + primary.port() + " 2",
        "sentinel down-after-milliseconds " + NAME + " 60000",
        "sentinel failover-timeout " + NAME + " 60000");
  }
}
