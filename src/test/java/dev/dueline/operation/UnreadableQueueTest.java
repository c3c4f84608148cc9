package dev.dueline.operation;

import static dev.dueline.operation.NoReplicas.NO_WATCHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.access.QueuePatterns;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.operation.queue.QueuePlace;
import dev.dueline.operation.queue.Queues;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis keeps of one queue cannot be read: it is named, and keeps back no other. */
final class UnreadableQueueTest {
  private static final QueueName BAD = new QueueName("bad");
  private static final QueueName GOOD = new QueueName("good");
  private static final JobId JOB = new JobId("a");

  private static TestRedis redis;
  private RedisStore store;
  private QueueOperations queues;
  private Shard bad;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void twoQueues() {
    redis.send(Command.FLUSHALL);
    store = redis.replica(2);
    queues = QueueOperations.of(store.queues(), store.operations(), store.streams(), NO_WATCHERS);
    bad = given(BAD);
    given(GOOD);
  }

  private Shard given(QueueName queue) {
    QueueLayout layout = await(store.queues().layout(queue));
    for (Shard shard : layout.shards()) {
      schedule(shard);
    }
    return layout.shards().get(1);
  }

  private void schedule(Shard shard) {
    schedule(shard, JOB, null);
  }

  private void schedule(Shard shard, JobId id, @Nullable RequestId request) {
    NewJob job = NewJob.of(id, new Due.After(0), new byte[0]);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT, request, Deadline.NEVER);
    await(store.jobs().schedule(shard, List.of(item)));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private Queues.Page list() {
    return await(queues.queues().list(QueuePatterns.ALL, "", 10, QueuePlace.START));
  }

  private static void isAbout(QueueName queue, String key, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreDataException.class,
            failure -> {
              assertThat(failure.queue()).contains(queue);
              assertThat(failure.key()).isEqualTo(key);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"pending", "jobs", "deliveries", "leases", "dead", "meta"})
  void aKeyOfAnotherTypeIsNamed(String name) {
    String key = "dueline:{bad/1}:" + name;
    redis.send(Command.DEL, key);
    redis.send(Command.SET, key, "somebody else's");
    if (!name.equals("jobs") && !name.equals("deliveries")) {
      isAbout(BAD, key, () -> await(queues.queues().find(BAD)));
      assertThat(list().queues()).extracting(view -> view.layout().queue()).containsExactly(GOOD);
      assertThat(list().failed()).containsOnlyKeys(BAD);
    }
    if (!name.equals("dead")) {
      isAbout(
          BAD,
          key,
          () -> {
            await(store.jobs().cancel(bad, List.of(new CancelItem(JOB, true))));
            schedule(bad);
            await(
                store
                    .jobs()
                    .claim(bad, TestSlots.of(List.of(new Slots.Holder(1, 1, 1_000)), List.of(0))));
          });
    }
    assertThat(await(queues.queues().find(GOOD)).shards()).hasSize(2);
  }

  @Test
  void aNumberOfShardsThatIsNoneIsNamed() {
    redis.send(Command.HSET, "dueline:{bad/1}:meta", "shards", "garbage");
    isAbout(BAD, "dueline:{bad/1}:meta", () -> await(queues.queues().find(BAD)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "1 2 many"})
  void limitsThatAreNoneAreNamed(String limits) {
    redis.send(Command.HSET, "dueline:{bad/1}:meta", "limits", limits);
    isAbout(BAD, "dueline:{bad/1}:meta", () -> await(queues.queues().find(BAD)));
    assertThat(await(queues.queues().find(GOOD)).shards()).hasSize(2);
  }

  @Test
  void aCounterThatIsNoneBeginsAnew() {
    redis.send(Command.HSET, "dueline:{bad/1}:meta", "scheduled", "garbage");
    assertThat(await(queues.queues().find(BAD)).shards()).hasSize(2);
    schedule(bad, new JobId("b"), null);
    assertThat(redis.send(Command.HGET, "dueline:{bad/1}:meta", "scheduled").toString())
        .isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"requests", "older_requests"})
  void aMemoryOfRequestsOfAnotherTypeIsNamed(String name) {
    String key = "dueline:{bad/1}:" + name;
    redis.send(Command.SET, key, "somebody else's");
    isAbout(BAD, key, () -> schedule(bad, new JobId("b"), new RequestId("once")));
  }

  @Test
  void anEntryThatIsEmptyIsNamed() {
    QueueName empty = new QueueName("empty");
    redis.send(Command.HSET, "dueline:queues", "empty", "");
    isAbout(empty, "dueline:queues", () -> await(store.queues().layout(empty)));
    isAbout(empty, "dueline:queues", () -> await(store.queues().find(empty)));
  }

  @Test
  void anEntryOfAnotherVersionIsListedAsUnreadable() {
    redis.send(Command.HSET, "dueline:queues", "bad", "shards=2 color=red");
    await(store.compare());
    isAbout(BAD, "dueline:queues", () -> await(queues.queues().find(BAD)));
    Queues.Page page = list();
    assertThat(page.queues()).extracting(view -> view.layout().queue()).containsExactly(GOOD);
    assertThat(page.failed()).containsOnlyKeys(BAD);
    assertThat(redis.send(Command.HGET, "dueline:queues", "bad").toString())
        .isEqualTo("shards=2 color=red");
  }

  @Test
  void aRegistryOfAnotherTypeIsNamed() {
    redis.send(Command.DEL, "dueline:queues");
    redis.send(Command.SET, "dueline:queues", "somebody else's");
    assertThatThrownBy(() -> await(store.queues().find(new QueueName("new"))))
        .isInstanceOfSatisfying(
            StoreDataException.class,
            failure -> assertThat(failure.key()).isEqualTo("dueline:queues"));
    assertThat(await(queues.queues().find(GOOD)).shards()).hasSize(2);
  }
}
