package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.news.WatcherSurvey.Found;
import dev.dueline.delivery.news.WatcherSurvey.Page;
import dev.dueline.delivery.news.WatcherSurvey.Place;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.news.WatcherState;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who watches a queue, asked at one replica of two. */
final class WatcherSurveyTest {
  private static final QueueName MAIL = new QueueName("mail");
  private static final QueueName OTHER = new QueueName("other");
  private static final Shard FIRST = new Shard(MAIL, 0, 1);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than a test takes. */
  private static final Duration LONG = Duration.ofMinutes(10);

  /** The last in the order of replicas, which is that of unsigned numbers. */
  private static final long TWO = -2;

  private final TestRedis redis = new TestRedis();
  private final RedisStore store = redis.replica(1);
  private final List<ThreadLoop> loops = new ArrayList<>();
  private final Replica one = replica(1);
  private final Replica two = replica(TWO);

  private Replica replica(long number) {
    ThreadLoop loop = new ThreadLoop();
    loops.add(loop);
    RedisStore own = redis.replica(1);
    return new Replica(
        new Replica.Ports(
            own.jobs(),
            own.operations(),
            own.streams(),
            own.queues(),
            own.turns(1),
            own.announcements()),
        new Replica.Settings(LIMIT, 100, Duration.ZERO, WatchLimits.NONE),
        new DeliveryContext(number, loop, new SplittableRandom(number), DeliveryObserver.NONE));
  }

  @AfterEach
  void stop() {
    loops.forEach(ThreadLoop::close);
    redis.close();
  }

  private static <T> T done(Uni<T> call) {
    return call.await().atMost(LIMIT);
  }

  private void schedule(QueueName queue, String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[0]);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT);
    done(
        store
            .queues()
            .with(queue, layout -> store.jobs().schedule(layout.shardOf(job.id()), List.of(item))));
  }

  private static void watch(Replica at, String name, QueueName... queues) {
    List<QueueName> all = List.of(queues);
    WatchSpec spec = new WatchSpec(name, 0, all, 10, LONG.toMillis(), false, false, false);
    done(at.watchers().watch(spec, new TakingSink()));
  }

  private Page page(Place from, int size) {
    return done(one.watchers().survey().page(FIRST, from, size));
  }

  private static List<String> names(Page page) {
    return page.watchers().stream().map(found -> found.watcher().name()).toList();
  }

  private void watchFromBoth() {
    schedule(MAIL, "a");
    schedule(OTHER, "b");
    watch(one, "one-a", MAIL);
    watch(one, "one-other", OTHER);
    watch(one, "one-b", MAIL, OTHER);
    watch(two, "two-a", MAIL);
    watch(two, "two-b", MAIL);
    await()
        .atMost(LIMIT)
        .until(() -> done(store.operations().watching(FIRST)).containsAll(List.of(1L, TWO)));
  }

  @Test
  void watchersOfAllReplicasComeInOrderAndInPages() {
    watchFromBoth();
    // Where a replica does not answer in time, its watchers are missing.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              Page all = page(Place.START, 4);
              assertThat(names(all)).containsExactly("one-a", "one-b", "two-a", "two-b");
              assertThat(all.next()).isEmpty();
              assertThat(namesOfPages()).isEqualTo(names(all));
            });
  }

  /** Page by page, each of one watcher. */
  private List<String> namesOfPages() {
    List<String> names = new ArrayList<>();
    Optional<Place> next = Optional.of(Place.START);
    while (next.isPresent()) {
      Page page = page(next.get(), 1);
      assertThat(page.watchers()).hasSizeLessThanOrEqualTo(1);
      names.addAll(names(page));
      next = page.next();
    }
    return names;
  }

  @Test
  void aWatcherShowsHowItStands() {
    schedule(MAIL, "a");
    long beginNanos = System.nanoTime();
    watch(two, "worker", MAIL, OTHER);
    Found found =
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    page(Place.START, 10).watchers().stream()
                        .filter(each -> each.watcher().outstanding() == 1)
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    long tookMs = Duration.ofNanos(System.nanoTime() - beginNanos).toMillis();
    WatcherState state = found.watcher();
    assertThat(found.replica()).isEqualTo(TWO);
    assertThat(state.queues()).containsExactly(MAIL, OTHER);
    assertThat(state.maxOutstanding()).isEqualTo(10);
    assertThat(state.credit()).isEqualTo(9);
    assertThat(state.sinceMs()).isBetween(0L, tookMs);
    assertThat(state.actedMs()).isEqualTo(-1);
    assertThat(state.isPassedOver()).isFalse();
    assertThat(state.isLeaving()).isFalse();
  }

  @Test
  void replicasThatDoNotAnswerAreNamed() {
    watchFromBoth();
    done(store.operations().present(FIRST, 9, 3, LONG));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              Page page = page(Place.START, 10);
              assertThat(page.unanswered()).containsExactly(9L);
              assertThat(names(page)).containsExactly("one-a", "one-b", "two-a", "two-b");
              assertThat(page(new Place(TWO, 0), 10).unanswered()).isEmpty();
            });
  }
}
