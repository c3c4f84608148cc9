package dev.dueline.store.redis.news;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements.Beat;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.news.WatcherNews;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription that lives, and delivers nothing, is found out by what a replica sends itself. */
final class LostNewsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long REPLICA = 7;
  private static final Shard SHARD = new Shard(new QueueName("news"), 0);

  private final List<HeadNews> heard = new CopyOnWriteArrayList<>();
  private final List<WatcherNews> heardOfWatchers = new CopyOnWriteArrayList<>();
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
    gateway = RedisGateway.of(vertx, new RedisOptions().setConnectionString(address), TIMEOUT);
    announcements =
        new RedisAnnouncements(
            gateway, new ScriptRunner(gateway, () -> 0, () -> 0, StoreObserver.NONE));
    announcements.heads(SHARD).subscribe().with(heard::add);
    announcements.watcherNews(REPLICA).subscribe().with(heardOfWatchers::addAll);
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
    Awaitility.await().atMost(TIMEOUT).until(() -> !heardOfWatchers.isEmpty());
    network.losePublished();
    heard.clear();
    heardOfWatchers.clear();
    beatUntilHeard(new HeadNews.Listening());
    beatUntilHeard(new HeadNews.Announced(1));
    Awaitility.await().atMost(TIMEOUT).until(() -> !heardOfWatchers.isEmpty());
    assertThat(heardOfWatchers).containsOnly(new WatcherNews.Listening());
  }

  @Test
  void staysWhileMessagesArrive() {
    Awaitility.await().atMost(TIMEOUT).until(() -> !heard.isEmpty());
    // Longer than a message is waited for; who stood still may take those meanwhile for lost.
    AtomicInteger heardBefore = new AtomicInteger();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(TIMEOUT)
        .during(Duration.ofSeconds(3))
        .until(() -> beat() && heardBefore.getAndSet(heard.size()) == heard.size());
    assertThat(heard).containsOnly(new HeadNews.Listening());
  }

  private void beatUntilHeard(HeadNews news) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(
            () -> {
              boolean hasBeaten = beat();
              publish();
              return hasBeaten && heard.contains(news);
            });
  }

  /** Whether Redis answered, which it does by the clock of this machine, to the second. */
  private boolean beat() {
    long before = System.currentTimeMillis() / 1_000;
    List<Beat> beats = announcements.beat(REPLICA).await().atMost(TIMEOUT);
    long after = System.currentTimeMillis() / 1_000;
    assertThat(beats).hasSizeLessThanOrEqualTo(1);
    assertThat(beats)
        .allSatisfy(each -> assertThat(each.nowUs() / 1_000_000).isBetween(before - 1, after + 1));
    return !beats.isEmpty();
  }

  private void publish() {
    String channel = RedisKeys.headChannel(SHARD);
    gateway
        .send(RedisKeys.bytes(channel), Request.cmd(Command.PUBLISH).arg(channel).arg("1"))
        .await()
        .atMost(TIMEOUT);
  }
}
