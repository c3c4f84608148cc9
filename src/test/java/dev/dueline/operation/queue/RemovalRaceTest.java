package dev.dueline.operation.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.JobId;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Slots;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.RedisStore;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that are deleted in Redis while others use them. */
final class RemovalRaceTest extends RemovalFixture {
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

  /** What it read of the queue holds no longer when its next script comes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whoLooksAndIsLateLetsADeletionGetOn(int closing) {
    for (int late = 1; late < 20; late++) {
      redis.send(Command.FLUSHALL);
      givenEmptyQueue(redis.replica(SHARDS));
      CompletableFuture<Void> isLate = new CompletableFuture<>();
      CompletableFuture<Void> isOver = new CompletableFuture<>();
      RedisStore other = redis.replica(SHARDS, before(late, isLate, isOver));
      CompletableFuture<Void> look = new CompletableFuture<>();
      meanwhile =
          () -> {
            operations(other)
                .queues()
                .find(MAIL)
                .subscribe()
                .with(found -> look.complete(null), failure -> look.complete(null));
            CompletableFuture.anyOf(isLate, look).orTimeout(60, TimeUnit.SECONDS).join();
          };
      countdown.set(closing);
      assertThat(isDeleted(hooked)).as("call %s is late", late).isTrue();
      isOver.complete(null);
      look.join();
      awaitNothing();
    }
  }

  /** No shard but the first was ever used, so that whoever comes opens the others. */
  @Test
  void aJobOfAShardThatIsOpenedAfterADeletionIsNotLost() {
    for (String id : IDS.subList(0, SHARDS)) {
      for (int late = 1; late < 20; late++) {
        givenUsedFirstShard(SHARDS);
        RedisStore other = redis.replica(SHARDS, before(late, () -> isDeleted(hooked)));
        assertThat(schedule(other, id).outcome()).isEqualTo(Scheduled.Outcome.CREATED);
        assertJobs(List.of(id));
      }
    }
  }

  @Test
  void whoOpensAShardAfterADeletionLeavesNothing() {
    int deletions = 0;
    for (int late = 1; late < 20; late++) {
      givenUsedFirstShard(SHARDS);
      AtomicBoolean isGone = new AtomicBoolean();
      RedisStore other = redis.replica(SHARDS, before(late, () -> isGone.set(isDeleted(hooked))));
      CompletableFuture<?> look =
          operations(other).queues().find(MAIL).subscribeAsCompletionStage();
      look.exceptionally(failure -> null).orTimeout(60, TimeUnit.SECONDS).join();
      if (isGone.get()) {
        deletions++;
        awaitNothing();
      }
    }
    assertThat(deletions).isPositive();
  }

  /**
   * Before one of its calls the queue is deleted, and before a later one made anew and paused. Of
   * two shards it opens one, and waits for that.
   */
  @Test
  void whoOpensAShardAfterADeletionKeepsWhatIsSetSince() {
    RedisStore own = redis.replica(2, StoreObserver.NONE);
    int pauses = 0;
    for (int late = 1; late < 15; late++) {
      for (int later = late + 1; later < 16; later++) {
        givenUsedFirstShard(2);
        AtomicBoolean isPaused = new AtomicBoolean();
        LongSupplier deleting = before(late, () -> isDeleted(own));
        LongSupplier pausing =
            before(
                later,
                () -> {
                  IDS.forEach(id -> schedule(own, id));
                  IDS.forEach(id -> cancel(own, id));
                  await(operations(own).control().pause(MAIL, true));
                  isPaused.set(true);
                });
        RedisStore other = redis.replica(2, () -> deleting.getAsLong() + pausing.getAsLong());
        CompletableFuture<?> look =
            operations(other).queues().find(MAIL).subscribeAsCompletionStage();
        look.exceptionally(failure -> null).orTimeout(60, TimeUnit.SECONDS).join();
        if (isPaused.get()) {
          pauses++;
          assertThat(await(operations(own).queues().find(MAIL)).shards())
              .as("deleted before call %s, paused before call %s", late, later)
              .hasSize(2)
              .allMatch(shard -> shard.isPaused());
        }
      }
    }
    assertThat(pauses).isPositive();
  }

  private static void givenUsedFirstShard(int shards) {
    redis.send(Command.FLUSHALL);
    RedisStore store = redis.replica(shards);
    QueueLayout layout = await(store.queues().layout(MAIL));
    String first =
        IDS.stream()
            .filter(id -> layout.shardOf(new JobId(id)).index() == 0)
            .findFirst()
            .orElseThrow();
    schedule(store, first);
    cancel(store, first);
  }

  /** What was begun, and nobody waits for any longer, may be under way yet. */
  private static void awaitNothing() {
    Awaitility.await("an empty Redis")
        .atMost(Duration.ofSeconds(60))
        .until(() -> redis.send(Command.KEYS, "*").toString().equals("[]"));
  }

  private static LongSupplier before(int call, Runnable meanwhile) {
    AtomicInteger calls = new AtomicInteger();
    return () -> {
      if (calls.incrementAndGet() == call) {
        meanwhile.run();
      }
      return 0;
    };
  }

  /** A clock that is asked before each call, and lets one of them wait. */
  private static LongSupplier before(
      int call, CompletableFuture<Void> isThere, CompletableFuture<Void> isOver) {
    return before(
        call,
        () -> {
          isThere.complete(null);
          isOver.orTimeout(60, TimeUnit.SECONDS).join();
        });
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

  /** The replica that deletes the queue stands still so long that others no longer wait for it. */
  @Test
  void whatGoesToRedisStreamsDuringADeletionIsNotLost() {
    RedisStore other = redis.replica(SHARDS);
    for (int script = 1; script < 50; script++) {
      redis.send(Command.FLUSHALL);
      givenEmptyQueue(other);
      AtomicBoolean isUsed = new AtomicBoolean();
      meanwhile =
          () -> {
            standStill();
            scheduleToRedisStreams(other);
            isUsed.set(true);
          };
      countdown.set(script);
      try {
        isDeleted(hooked);
      } catch (QueueRefusedException refused) {
        assertThat(refused.reason()).isEqualTo(QueueRefusedException.Reason.DELIVERED_TO_STREAM);
      }
      countdown.set(0);
      if (!isUsed.get()) {
        return;
      }
      assertThat(entriesOfRedisStreams()).as("after script %s", script).isEqualTo(IDS.size());
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
