package dev.dueline.store.redis.news;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.news.WatcherNews;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import dev.dueline.store.redis.layout.RedisKeys;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever may publish can send anything: what is no news harms none that comes after it. */
final class ForeignNewsTest {
  private static final long REPLICA = 7;
  private static final Shard SHARD = new Shard(new QueueName("news"), 0);

  private final List<HeadNews> heard = new CopyOnWriteArrayList<>();
  private final List<WatcherNews> heardOfWatchers = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final TestRedis redis = new TestRedis();
  private final RedisStore store = redis.replica(1);

  @BeforeEach
  void listen() {
    store.announcements().heads(SHARD).subscribe().with(heard::add, failures::add);
    store
        .announcements()
        .watcherNews(REPLICA)
        .subscribe()
        .with(heardOfWatchers::addAll, failures::add);
    awaitAll(heard, new HeadNews.Listening());
    awaitAll(heardOfWatchers, new WatcherNews.Listening());
  }

  @AfterEach
  void stop() {
    store.close();
    redis.close();
  }

  @SafeVarargs
  private static <T> void awaitAll(List<? super T> heard, T... all) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(heard.toArray()).containsExactly((Object[]) all));
  }

  private void publish(String channel, String text) {
    redis.send(Command.PUBLISH, channel, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inf", "-inf", "nan", "", "12.5", "1e99", "99999999999999999999", "a b"})
  void aHeadThatIsNoTimeHasTheStoreAsked(String text) {
    publish(RedisKeys.headChannel(SHARD), text);
    publish(RedisKeys.headChannel(SHARD), "5");

    awaitAll(heard, new HeadNews.Listening(), new HeadNews.Listening(), new HeadNews.Announced(5));
    assertThat(failures).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "inf", "over", "over LATE x", "stop 1", "look q x 1 1 1", "listed 1"})
  void newsOfWatchersThatIsNoneIsNone(String text) {
    publish(RedisKeys.replicaChannel(REPLICA), text);
    publish(RedisKeys.replicaChannel(REPLICA), "stopped 5 true");

    awaitAll(heardOfWatchers, new WatcherNews.Listening(), new WatcherNews.Stopped(5, true));
    assertThat(failures).isEmpty();
  }
}
