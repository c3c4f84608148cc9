package dev.dueline.store.redis.news;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements.Beat;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.RedisServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription that lives, and delivers nothing, is found out by what a replica sends itself. */
final class LostNewsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long REPLICA = 7;
  private static final Shard SHARD = new Shard(new QueueName("news"), 0);

  private final List<HeadNews> heard = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private RedisServer redis;
  private FaultyProxy network;
  private RedisGateway gateway;
  private RedisAnnouncements announcements;

  @BeforeEach
  void start() {
    redis = RedisServer.inMemory();
    network = FaultyProxy.to(redis.port());
    String address = "redis://127.0.0.1:" + network.port();
    gateway = new RedisGateway(vertx, new RedisOptions().setConnectionString(address), TIMEOUT);
    announcements =
        new RedisAnnouncements(
            gateway, new ScriptRunner(gateway, () -> 0, () -> 0, StoreObserver.NONE));
    announcements.heads(SHARD).subscribe().with(heard::add);
  }

  @AfterEach
  void stop() {
    announcements.close();
    gateway.close();
    network.close();
    redis.close();
    vertx.closeAndAwait();
  }

  @Test
  void isListenedToAnewWhenMessagesDoNotArrive() {
    beatUntilHeard(new HeadNews.Listening());
    beatUntilHeard(new HeadNews.Announced(1));
    network.losePublished();
    heard.clear();
    beatUntilHeard(new HeadNews.Listening());
    beatUntilHeard(new HeadNews.Announced(1));
  }

  @Test
  void staysWhileMessagesArrive() {
    Awaitility.await().atMost(TIMEOUT).until(() -> !heard.isEmpty());
    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(TIMEOUT)
        .during(Duration.ofSeconds(3))
        .until(
            () -> {
              beat();
              return heard.equals(List.of(new HeadNews.Listening()));
            });
  }

  private void beatUntilHeard(HeadNews news) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(TIMEOUT)
        .until(
            () -> {
              beat();
              publish();
              return heard.contains(news);
            });
  }

  private void beat() {
    List<Beat> beats = announcements.beat(REPLICA).await().atMost(TIMEOUT);
    assertThat(beats).hasSize(1);
    assertThat(beats.get(0).nowUs() / 1_000_000)
        .isCloseTo(System.currentTimeMillis() / 1_000, Offset.offset(5L));
  }

  private void publish() {
    String channel = RedisKeys.headChannel(SHARD);
    gateway
        .send(RedisKeys.bytes(channel), Request.cmd(Command.PUBLISH).arg(channel).arg("1"))
        .await()
        .atMost(TIMEOUT);
  }
}
