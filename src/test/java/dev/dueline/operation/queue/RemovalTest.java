package dev.dueline.operation.queue;

import static dev.dueline.operation.NoReplicas.NO_WATCHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Slots;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that are deleted in Redis, also while others use them. */
final class RemovalTest {
  private static final QueueName MAIL = new QueueName("mail");
  private static final int SHARDS = 4;

  /** Some in each shard. */
  private static final List<String> IDS = IntStream.range(0, 12).mapToObj(i -> "job-" + i).toList();

  private static TestRedis redis;

  /** Runs after the script of {@code hooked} that has this number, once. */
  private static Runnable meanwhile = () -> {};

  private static final AtomicInteger countdown = new AtomicInteger();
  private static RedisStore hooked;

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

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }

  private static QueueOperations operations(RedisStore store) {
    return QueueOperations.of(store.queues(), store.operations(), store.streams(), NO_WATCHERS);
  }

  private static Removal removal(RedisStore store) {
    return operations(store).removal();
  }

  private static Scheduled schedule(RedisStore store, String id) {
    return schedule(store, id, null);
  }

  private static Scheduled schedule(
      RedisStore store, String id, @org.jspecify.annotations.Nullable RequestId request) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[0]);
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

  private static void cancel(RedisStore store, String id) {
    QueueLayout layout = await(store.queues().layout(MAIL));
    JobId job = new JobId(id);
    await(store.jobs().cancel(layout.shardOf(job), List.of(new CancelItem(job, true))));
  }

  /** Uses all shards of the queue, which is empty then. */
  private static void givenEmptyQueue(RedisStore store) {
    IDS.forEach(id -> schedule(store, id));
    IDS.forEach(id -> cancel(store, id));
  }

  /** Whether it was deleted; otherwise it was refused since it is in use. */
  private static boolean isDeleted(RedisStore store) {
    try {
      await(removal(store).queue(MAIL, false));
      return true;
    } catch (QueueNotEmptyException e) {
      return false;
    }
  }

  /** A replica that knows nothing finds them all, each by its id and by claims. */
  private static void assertJobs(List<String> ids) {
    RedisStore fresh = redis.replica(2);
    assertThat(await(fresh.queues().names("", "", 0, 10))).containsExactly(MAIL);
    QueueLayout layout = await(fresh.queues().find(MAIL)).orElseThrow();
    for (String id : ids) {
      JobId job = new JobId(id);
      assertThat(await(fresh.jobs().read(layout.shardOf(job), job))).as(id).isPresent();
    }
    List<String> claimed = new ArrayList<>();
    for (var shard : layout.shards()) {
      Slots slots = new Slots(List.of(new Slots.Holder(7, 8, 30_000)), Collections.nCopies(20, 0));
      await(fresh.jobs().claim(shard, slots))
          .deliveries()
          .forEach(delivery -> claimed.add(delivery.job().id().value()));
    }
    assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static void assertNothingIsLeft() {
    assertThat(redis.send(Command.KEYS, "*").toString()).isEqualTo("[]");
  }

  @Test
  void nothingIsLeftOfAnEmptyQueue() {
    RedisStore store = redis.replica(SHARDS);
    RedisStore other = redis.replica(SHARDS);
    givenEmptyQueue(store);
    await(operations(store).control().pause(MAIL, true));
    await(operations(store).control().limit(MAIL, QueueLimits.Change.to(new QueueLimits(1, 8, 8))));
    assertThat(await(other.queues().find(MAIL))).isPresent();

    assertThat(await(removal(store).queue(MAIL, false))).isZero();

    assertNothingIsLeft();
    for (RedisStore each : List.of(store, other)) {
      assertThatThrownBy(() -> await(operations(each).queues().find(MAIL)))
          .isInstanceOfSatisfying(
              QueueRefusedException.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(QueueRefusedException.Reason.NOT_FOUND));
    }
    assertNothingIsLeft();
    assertThatThrownBy(() -> await(removal(other).queue(MAIL, false)))
        .isInstanceOf(QueueRefusedException.class);
    schedule(other, "job-0");
    QueueView anew = await(operations(store).queues().find(MAIL));
    assertThat(anew.isPaused()).isFalse();
    assertThat(anew.limits()).isEqualTo(QueueLimits.NONE);
    assertThat(anew.total(totals -> totals.scheduled())).isEqualTo(1);
  }

  @Test
  void aQueueThatIsNotEmptyStaysAsItIs() {
    RedisStore store = redis.replica(SHARDS);
    IDS.forEach(id -> schedule(store, id));
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused ->
                assertThat(refused.holds())
                    .containsEntry("pending_jobs", 12L)
                    .containsEntry("leased_jobs", 0L)
                    .containsEntry("dead_jobs", 0L));
    assertJobs(IDS);
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused -> assertThat(refused.holds()).containsEntry("leased_jobs", 12L));
  }

  @Test
  void forceDeletesJobsToo() {
    RedisStore store = redis.replica(SHARDS);
    IDS.forEach(id -> schedule(store, id));
    assertThat(await(removal(store).queue(MAIL, true))).isEqualTo(12);
    assertNothingIsLeft();
  }

  @Test
  void aRequestIsKnownByItsIdAlsoAfterADeletion() {
    RedisStore store = redis.replica(1);
    RequestId request = new RequestId("once");
    assertThat(schedule(store, "x", request).outcome()).isEqualTo(Scheduled.Outcome.CREATED);
    await(removal(store).queue(MAIL, true));
    assertThat(schedule(store, "x", request).outcome()).isEqualTo(Scheduled.Outcome.WAS_CREATED);
    await(removal(store).queue(MAIL, true));
    assertThat(redis.send(Command.KEYS, "*").toString()).isEqualTo("[dueline:{mail/0}:requests]");
    assertThat(redis.send(Command.PTTL, "dueline:{mail/0}:requests").toLong()).isPositive();
  }

  @Test
  void aQueueThatIsDeliveredToARedisStreamIsSetBackFirst() {
    RedisStore store = redis.replica(1);
    schedule(store, "x");
    await(operations(store).delivery().set(MAIL, new RedisStreamTarget("workers", 10)));
    await(store.streams().feed(await(store.queues().layout(MAIL)).shards().get(0), 10));
    for (boolean isForced : new boolean[] {false, true}) {
      assertThatThrownBy(() -> await(removal(store).queue(MAIL, isForced)))
          .isInstanceOfSatisfying(
              QueueRefusedException.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(QueueRefusedException.Reason.DELIVERED_TO_STREAM));
    }
    await(operations(store).delivery().set(MAIL, null));
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused -> assertThat(refused.holds()).containsEntry("stream_entries", 1L));
    await(removal(store).queue(MAIL, true));
    assertNothingIsLeft();
  }

  /** What was closed opens with the next job, with what was set. */
  @Test
  void aDeletionThatWasCutOffHarmsNothing() {
    givenEmptyQueue(redis.replica(SHARDS));
    await(operations(hooked).control().pause(MAIL, true));
    meanwhile =
        () -> {
          throw new IllegalStateException("cut off");
        };
    // Four looks, and two shards closed.
    countdown.set(SHARDS + 2);
    assertThatThrownBy(() -> await(removal(hooked).queue(MAIL, false)))
        .isInstanceOf(IllegalStateException.class);
    RedisStore store = redis.replica(SHARDS);
    IDS.forEach(id -> schedule(store, id));
    assertThat(await(operations(store).queues().find(MAIL)).shards())
        .allMatch(shard -> shard.isPaused());
    await(operations(store).control().pause(MAIL, false));
    assertJobs(IDS);
  }

  @Test
  void whoOnlyLooksLetsADeletionGetOn() {
    RedisStore other = redis.replica(SHARDS);
    for (int script = 1; script < 20; script++) {
      redis.send(Command.FLUSHALL);
      givenEmptyQueue(other);
      QueueLayout layout = await(other.queues().layout(MAIL));
      meanwhile =
          () -> {
            layout.shards().forEach(each -> await(other.jobs().claim(each, Slots.NONE)));
            CompletableFuture<?> look =
                operations(other).queues().find(MAIL).subscribeAsCompletionStage();
            look.exceptionally(failure -> null).join();
          };
      countdown.set(script);
      assertThat(isDeleted(hooked)).as("after script %s", script).isTrue();
      assertNothingIsLeft();
    }
  }

  /**
   * Between any two steps of a deletion somebody schedules jobs, who knows the queue or does not.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, SHARDS})
  void noJobThatIsScheduledDuringADeletionIsLost(int plan) {
    for (int script = 1; script < 50; script++) {
      for (boolean isKnown : new boolean[] {false, true}) {
        redis.send(Command.FLUSHALL);
        givenEmptyQueue(redis.replica(SHARDS));
        RedisStore other = redis.replica(plan);
        Optional<QueueLayout> known = isKnown ? await(other.queues().find(MAIL)) : Optional.empty();
        assertThat(known.isPresent()).isEqualTo(isKnown);
        List<Scheduled.Outcome> outcomes = new ArrayList<>();
        meanwhile = () -> IDS.forEach(id -> outcomes.add(schedule(other, id).outcome()));
        countdown.set(script);
        isDeleted(hooked);
        if (outcomes.isEmpty()) {
          return;
        }
        assertThat(outcomes).containsOnly(Scheduled.Outcome.CREATED);
        assertJobs(IDS);
      }
    }
    throw new AssertionError("a deletion has no end");
  }

  /** Between any two steps of somebody who schedules jobs the queue is deleted. */
  @Test
  void noJobIsLostWhoseQueueIsDeletedMeanwhile() {
    for (int script = 1; script < 40; script++) {
      redis.send(Command.FLUSHALL);
      RedisStore deleting = redis.replica(SHARDS);
      givenEmptyQueue(hooked);
      await(removal(deleting).queue(MAIL, false));
      givenEmptyQueue(deleting);
      meanwhile = () -> isDeleted(deleting);
      countdown.set(script);
      IDS.forEach(
          id -> assertThat(schedule(hooked, id).outcome()).isEqualTo(Scheduled.Outcome.CREATED));
      countdown.set(0);
      assertJobs(IDS);
    }
  }
}
