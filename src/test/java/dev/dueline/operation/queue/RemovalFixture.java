package dev.dueline.operation.queue;

import static dev.dueline.operation.NoReplicas.NO_WATCHERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A queue in Redis, replicas that use it, and one whose steps others can come between. */
abstract class RemovalFixture {
  static final QueueName MAIL = new QueueName("mail");
  static final int SHARDS = 4;

  /** Some in each shard. */
  static final List<String> IDS = IntStream.range(0, 12).mapToObj(i -> "job-" + i).toList();

  static TestRedis redis;

  /** Runs after the script of {@code hooked} that has this number, once. */
  static Runnable meanwhile = () -> {};

  static final AtomicInteger countdown = new AtomicInteger();
  static RedisStore hooked;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    hooked =
        redis.replica(
            SHARDS,
            new StoreObserver() {
              @Override
              public void called(String script, long nanos) {
                if (countdown.decrementAndGet() == 0) {
                  meanwhile.run();
                }
              }
            });
  }

  @AfterAll
  static void stop() {
    hooked.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.send(Command.FLUSHALL);
    countdown.set(0);
  }

  static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  static QueueOperations operations(RedisStore store) {
    return QueueOperations.of(store.queues(), store.operations(), store.streams(), NO_WATCHERS);
  }

  static Removal removal(RedisStore store) {
    return operations(store).removal();
  }

  static Scheduled schedule(RedisStore store, String id) {
    return schedule(store, id, null);
  }

  static Scheduled schedule(
      RedisStore store, String id, @org.jspecify.annotations.Nullable RequestId request) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(0), new byte[0]);
    ScheduleItem item =
        new ScheduleItem(
            job, ConflictPolicy.REJECT, request, dev.dueline.store.call.Deadline.NEVER);
    return await(
            store
                .queues()
                .with(
                    MAIL, layout -> store.jobs().schedule(layout.shardOf(job.id()), List.of(item))))
        .get(0);
  }

  static void cancel(RedisStore store, String id) {
    QueueLayout layout = await(store.queues().layout(MAIL));
    JobId job = new JobId(id);
    await(store.jobs().cancel(layout.shardOf(job), List.of(new CancelItem(job, true))));
  }

  /** Uses all shards of the queue, which is empty then. */
  static void givenEmptyQueue(RedisStore store) {
    IDS.forEach(id -> schedule(store, id));
    IDS.forEach(id -> cancel(store, id));
  }

  /** Whether it was deleted; otherwise it was refused since it is in use. */
  static boolean isDeleted(RedisStore store) {
    try {
      await(removal(store).queue(MAIL, false));
      return true;
    } catch (QueueNotEmptyException e) {
      return false;
    }
  }

  /** A replica that knows nothing finds them all, each by its id and by claims. */
  static void assertJobs(List<String> ids) {
    RedisStore fresh = redis.replica(2);
    assertThat(await(fresh.queues().names("", "", 0, 10))).containsExactly(MAIL);
    QueueLayout layout = await(fresh.queues().find(MAIL)).orElseThrow();
    for (String id : ids) {
      JobId job = new JobId(id);
      assertThat(await(fresh.jobs().read(layout.shardOf(job), job))).as(id).isPresent();
    }
    List<String> claimed = new ArrayList<>();
    for (var shard : layout.shards()) {
      Slots slots =
          TestSlots.of(List.of(new Slots.Holder(7, 8, 30_000)), Collections.nCopies(20, 0));
      await(fresh.jobs().claim(shard, slots))
          .deliveries()
          .forEach(delivery -> claimed.add(delivery.job().id().value()));
    }
    assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static String key(int shard, String what) {
    return "dueline:{" + MAIL.value() + "/" + shard + "}:" + what;
  }

  static String meta(int shard) {
    return key(shard, "meta");
  }

  /** A minute passes for whoever waits for the end of a deletion. */
  static void standStill() {
    for (int i = 0; i < SHARDS; i++) {
      String closed = Objects.toString(redis.send(Command.HGET, meta(i), "deletion"), "");
      if (!closed.isEmpty()) {
        String id = closed.substring(0, closed.indexOf(' '));
        long beforeMs = System.currentTimeMillis() - 60_000;
        redis.send(Command.HSET, meta(i), "deletion", id + " " + beforeMs);
      }
    }
  }

  /** Schedules jobs, all of which are in Redis Streams then. */
  static void scheduleToRedisStreams(RedisStore store) {
    IDS.forEach(id -> schedule(store, id));
    await(operations(store).delivery().set(MAIL, new RedisStreamTarget("workers", 100)));
    QueueLayout layout = await(store.queues().layout(MAIL));
    await(ShardCalls.each(layout.shards(), shard -> store.streams().feed(shard, 100)));
  }

  static int entriesOfRedisStreams() {
    return IntStream.range(0, SHARDS)
        .map(i -> redis.send(Command.XLEN, key(i, "stream")).toInteger())
        .sum();
  }

  static void assertNothingIsLeft() {
    assertThat(redis.send(Command.KEYS, "*").toString()).isEqualTo("[]");
  }
}
