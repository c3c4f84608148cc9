package dev.dueline.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.ModelSequence.Timed;
import dev.dueline.store.ModelSide.Loss;
import dev.dueline.store.coalesce.CoalescingJobStore;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.HeadSubscriber;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of steps on the store as it is wired, with the scripts in a real Redis, and on
 * the model: after every step both told the same and keep the same, and what Redis keeps does not
 * contradict itself; at the end both announced the same heads.
 *
 * <p>{@code -Ddueline.test.sequences=…} runs more of them, {@code -Ddueline.test.seed=…} one that
 * failed.
 */
final class JobStoreModelTest {
  private static final int SEQUENCES = 300;
  private static final int STEPS = 60;
  private static final int MOST_DEAD = 3;
  private static final long MAX_WAITING_BYTES = 1 << 30;

  /** No two steps are so far apart to the cell. */
  private static final Duration REQUEST_WINDOW =
      Duration.ofMinutes(90).plusMillis(ModelSide.CELL_MS / 2);

  /** Less than from one step to the next, however late in its cell Redis runs the first of them. */
  private static final Duration IDLE = Duration.ofMillis(1);

  private final TestRedis redis = new TestRedis(MOST_DEAD, REQUEST_WINDOW);
  private final HeadSubscriber subscriber = new HeadSubscriber(redis);
  private final AtomicLong nowMs = new AtomicLong();

  /** What Redis's clock lacked when the step began. */
  private final AtomicLong stepOffsetMs = new AtomicLong();

  private final AtomicLong calls = new AtomicLong();
  private int runs;

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void redisAgreesWithTheModel() {
    // Scripts of one step run one after the other by a clock of ms, too, however long each takes:
    // the clock goes on from the beginning of the step.
    redis.setClockOffset(() -> stepOffsetMs.get() + calls.getAndIncrement() * 100L);
    Long given = Long.getLong("dueline.test.seed");
    int sequences = Integer.getInteger("dueline.test.sequences", given == null ? SEQUENCES : 1);
    long seed = given == null ? new SplittableRandom().nextLong() : given;
    for (int i = 0; i < sequences; i++, seed++) {
      List<Timed> steps = new ModelSequence(seed).steps(STEPS);
      Failure failure = run(steps);
      if (failure != null) {
        throw new AssertionError("-Ddueline.test.seed=" + seed + "\n" + shrink(steps, failure));
      }
    }
  }

  /** Where two stores came apart. */
  private record Failure(List<String> trace, String what) {
    @Override
    public String toString() {
      return String.join("\n", trace) + "\n" + what;
    }
  }

  /** Leaves out each step that the failure does not need. */
  private Failure shrink(List<Timed> steps, Failure failure) {
    List<Timed> needed = new ArrayList<>(steps.subList(0, failure.trace.size()));
    Failure smallest = failure;
    for (int i = needed.size() - 1; i >= 0; i--) {
      Timed left = needed.remove(i);
      Failure without = run(needed);
      if (without == null) {
        needed.add(i, left);
      } else {
        smallest = without;
      }
    }
    return smallest;
  }

  private @Nullable Failure run(List<Timed> steps) {
    redis.send(Command.FLUSHALL);
    List<String> trace = new ArrayList<>();
    try {
      run(steps, trace);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return new Failure(trace, e.toString());
    }
  }

  private void run(List<Timed> steps, List<String> trace) {
    QueueName queue = new QueueName("model:" + ++runs);
    Shard shard = new Shard(queue, 0, 1);
    QueueLayout layout = await(redis.queues().layout(queue));
    List<String> heads = new ArrayList<>();
    InMemoryJobStore store =
        new InMemoryJobStore(
            () -> nowMs.get() * 1000,
            (where, dueMs) -> heads.add(ModelSide.cell(dueMs)),
            MOST_DEAD,
            REQUEST_WINDOW);
    // It is there before the first step, which may lose it.
    assertThat(store.shard(shard).counters()).isEmpty();
    ModelSide model =
        new ModelSide(
            store,
            store,
            store.streams(),
            () -> store.entries(shard),
            shard,
            loss -> lose(store, layout, loss));
    JobStore coalescing =
        new CoalescingJobStore(redis.store(), MAX_WAITING_BYTES, StoreObserver.NONE);
    ModelSide real =
        new ModelSide(
            coalescing,
            redis.operations(),
            redis.streams(),
            () -> redis.entries(shard),
            shard,
            loss -> lose(shard, layout, loss));
    for (Timed timed : steps) {
      trace.add((trace.size() + 1) + ". " + timed);
      step(timed, model, real);
      assertThat(ShardState.of(redis, real)).isEqualTo(ShardState.of(store.shard(shard), model));
    }
    assertThat(subscriber.announced(shard).stream().map(ModelSide::cell).toList()).isEqualTo(heads);
  }

  private void step(Timed timed, ModelSide model, ModelSide real) {
    nowMs.set(timed.nowMs());
    calls.set(0);
    String expected = outcome(timed.step(), model);
    stepOffsetMs.set(timed.nowMs() - System.currentTimeMillis());
    assertThat(outcome(timed.step(), real)).isEqualTo(expected);
  }

  private static String outcome(ModelStep step, ModelSide side) {
    try {
      return step.on(side);
    } catch (StaleLayoutException gone) {
      return "the queue is gone";
    }
  }

  private static boolean lose(InMemoryJobStore store, QueueLayout layout, Loss loss) {
    if (loss == Loss.IDLE) {
      return store.deleteIdle(layout, IDLE);
    }
    if (loss == Loss.ALL) {
      store.lose();
    }
    return true;
  }

  /** Of the registry and the word of the shard one is always left, or both are lost. */
  private boolean lose(Shard shard, QueueLayout layout, Loss loss) {
    switch (loss) {
      case IDLE -> {
        return await(redis.queues().deleteIdle(layout, IDLE));
      }
      case ALL -> redis.send(Command.FLUSHALL);
      case REGISTRY -> redis.send(Command.DEL, "dueline:queues");
      case SHARD_COUNT -> {
        await(redis.queues().compare());
        if (await(redis.queues().find(shard.queue())).isEmpty()) {
          return true;
        }
        redis.send(Command.HDEL, "dueline:{" + shard + "}:meta", "shards");
        // Here, since the calls that find it out would move the clock on in the next step.
        assertThat(await(redis.store().leased(shard, List.of()))).isEmpty();
      }
    }
    return true;
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
