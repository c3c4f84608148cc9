package dev.dueline.operation.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.store.call.Scheduled;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.RedisStore;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Between any two steps of a replica that deletes an idle queue others use it: at once, or after
 * that replica stood still for so long that they no longer wait for it.
 */
final class IdleQueueRaceTest extends RemovalFixture {
  private static final Duration TTL = Duration.ofHours(1);

  /** More than a deletion has. */
  private static final int MOST_SCRIPTS = 60;

  /** An empty queue that was looked at two hours ago. */
  private static QueueLayout givenIdleQueue(RedisStore store) {
    redis.send(Command.FLUSHALL);
    givenEmptyQueue(store);
    QueueLayout layout = await(store.queues().layout(MAIL));
    assertThat(await(store.queues().deleteIdle(layout, TTL))).isFalse();
    for (int i = 0; i < SHARDS; i++) {
      String noted = redis.send(Command.HGET, meta(i), "idle").toString();
      String scheduled = noted.substring(noted.indexOf(' '));
      redis.send(Command.HSET, meta(i), "idle", System.currentTimeMillis() - 7_200_000 + scheduled);
    }
    return layout;
  }

  /** Has others use the queue after each script in turn, and then holds what they did. */
  private static void afterEachScript(boolean isStill, Consumer<RedisStore> use, Runnable holds) {
    for (int script = 1; script < MOST_SCRIPTS; script++) {
      RedisStore other = redis.replica(SHARDS);
      QueueLayout layout = givenIdleQueue(other);
      AtomicBoolean isUsed = new AtomicBoolean();
      meanwhile =
          () -> {
            if (isStill) {
              standStill();
            }
            use.accept(other);
            isUsed.set(true);
          };
      countdown.set(script);
      boolean isGone = await(hooked.queues().deleteIdle(layout, TTL));
      countdown.set(0);
      if (!isUsed.get()) {
        assertThat(isGone).isTrue();
        assertThat(script).as("scripts of a deletion").isGreaterThan(3 * SHARDS);
        assertNothingIsLeft();
        return;
      }
      holds.run();
    }
    throw new AssertionError("a deletion has no end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noJobIsLost(boolean isStill) {
    List<Scheduled.Outcome> outcomes = new ArrayList<>();
    afterEachScript(
        isStill,
        other -> IDS.forEach(id -> outcomes.add(schedule(other, id).outcome())),
        () -> {
          assertThat(outcomes).hasSize(IDS.size()).containsOnly(Scheduled.Outcome.CREATED);
          outcomes.clear();
          assertJobs(IDS);
        });
  }

  /** Jobs that came and went are use, too. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aQueueThatWasUsedMeanwhileIsThereAfterwards(boolean isStill) {
    afterEachScript(
        isStill,
        RemovalFixture::givenEmptyQueue,
        () -> assertThat(await(redis.replica(SHARDS).queues().find(MAIL))).isPresent());
  }

  /** While the queue goes, it is gone for whoever sets anything. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsSetHolds(boolean isStill) {
    AtomicBoolean isSet = new AtomicBoolean();
    AtomicInteger held = new AtomicInteger();
    afterEachScript(
        isStill,
        other -> {
          try {
            await(operations(other).control().pause(MAIL, true));
            isSet.set(true);
          } catch (QueueRefusedException | StaleLayoutException gone) {
            isSet.set(false);
          }
        },
        () -> {
          if (isSet.get()) {
            QueueView view = await(operations(redis.replica(SHARDS)).queues().find(MAIL));
            assertThat(view.shards()).hasSize(SHARDS).allMatch(shard -> shard.isPaused());
            held.incrementAndGet();
          }
        });
    // A replica that stands still holds up nobody once it has closed the queue.
    assertThat(held).hasValueGreaterThanOrEqualTo(isStill ? 3 * SHARDS : 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsInRedisStreamsIsNotLost(boolean isStill) {
    afterEachScript(
        isStill,
        RemovalFixture::scheduleToRedisStreams,
        () -> {
          assertThat(entriesOfRedisStreams()).isEqualTo(IDS.size());
          QueueView view = await(operations(redis.replica(SHARDS)).queues().find(MAIL));
          assertThat(view.shards()).allMatch(shard -> shard.stream() != null);
        });
  }
}
