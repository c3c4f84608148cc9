package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that are watched before they come to be, and after they were deleted. */
final class MissingQueueTest {
  private static final QueueName MAIL = new QueueName("mail");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** No job comes a second time while a test is under way. */
  private static final long LEASE_MS = 600_000;

  private final TestRedis redis = new TestRedis();
  private final ThreadLoop loop = new ThreadLoop();
  private final RedisStore store = redis.replica(2);
  private final Replica replica =
      new Replica(
          new Replica.Ports(
              store.jobs(),
              store.operations(),
              store.streams(),
              store.queues(),
              store.turns(1),
              store.announcements()),
          new Replica.Settings(LIMIT, 100, Duration.ZERO, WatchLimits.NONE),
          new DeliveryContext(7, loop, new SplittableRandom(1), DeliveryObserver.NONE));

  private final TakingSink sink = new TakingSink();

  @AfterEach
  void stop() {
    loop.close();
    redis.close();
  }

  private static <T> T done(Uni<T> call) {
    return call.await().atMost(LIMIT);
  }

  private void watch() {
    replica.begin();
    WatchSpec spec = new WatchSpec("test", 0, List.of(MAIL), 10, LEASE_MS, false, false, false);
    done(replica.watchers().watch(spec, sink));
  }

  private static void schedule(RedisStore by, String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[0]);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT);
    done(
        by.queues()
            .with(MAIL, layout -> by.jobs().schedule(layout.shardOf(job.id()), List.of(item))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aWatcherGetsTheJobsOfAQueueThatComesToBe(int shards) {
    watch();
    assertThat(done(replica.watchers().pull(0, List.of(MAIL), 1, 30_000, Duration.ZERO))).isEmpty();
    assertThat(redis.send(Command.DBSIZE).toInteger()).isZero();

    RedisStore other = redis.replica(shards);
    List<String> ids = List.of("a", "b", "c", "d", "e", "f");
    ids.forEach(id -> schedule(other, id));

    await().atMost(LIMIT).until(() -> sink.ids().size() == ids.size());
    assertThat(sink.ids()).containsExactlyInAnyOrderElementsOf(ids);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                done(other.operations().stats(done(other.queues().layout(MAIL)).shards().get(0)))
                        .watchers()
                    == 1);
  }

  @Test
  void aWatcherGetsTheJobsOfAQueueThatWasDeletedAndComesToBeAnew() {
    RedisStore other = redis.replica(2);
    schedule(other, "a");
    watch();
    await().atMost(LIMIT).until(() -> sink.ids().size() == 1);

    assertThat(done(other.queues().delete(done(other.queues().layout(MAIL)), true)).isDone())
        .isTrue();
    assertThat(done(other.queues().find(MAIL))).isEmpty();
    schedule(redis.replica(3), "b");
    schedule(redis.replica(3), "c");

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(sink.ids()).containsExactlyInAnyOrder("a", "b", "c"));
  }
}
