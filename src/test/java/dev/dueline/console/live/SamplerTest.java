package dev.dueline.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.TestReplica;
import dev.dueline.console.http.EventStreams;
import dev.dueline.job.QueueName;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.queue.QueueOperations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds have a pace, the first too; what is known is shown meanwhile; and they have an end. */
class SamplerTest {
  private static final int QUEUES = 70;
  private static final long STEP_PAUSE_MS = 32 * 2 * 5;

  private final TestStore store = new TestStore(2);
  private final Timers timers = new Timers();
  private final List<Samples> seen = new ArrayList<>();
  private final Sampler sampler =
      new Sampler(
          QueueOperations.of(store, store.operations, store.streams, NoReplicas.NO_WATCHERS)
              .queues(),
          new TestReplica(),
          new EventStreams(),
          () -> Instant.ofEpochMilli(store.nowMs.get()),
          timers);

  @BeforeEach
  void fill() {
    for (int i = 0; i < QUEUES; i++) {
      var unused = store.layout(new QueueName("q" + i)).await().indefinitely();
    }
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void theFirstRoundHasThePaceOfTheOthers() {
    look();
    assertThat(timers.delays()).containsExactlyInAnyOrder(STEP_PAUSE_MS, 1_000L);
    timers.run(STEP_PAUSE_MS);
    assertThat(sampler.latest()).isEmpty();
    timers.run(STEP_PAUSE_MS);
    assertThat(sampler.latest().orElseThrow().queues()).hasSize(QUEUES);
    assertThat(seen).hasSize(1);
  }

  @Test
  void whoWaitedLongEnoughSeesWhatThereIs() {
    look();
    timers.run(1_000);
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).queues()).hasSize(32);
    assertThat(seen.get(0).isPartial()).isTrue();
    timers.run(STEP_PAUSE_MS);
    timers.run(STEP_PAUSE_MS);
    look();
    assertThat(seen.get(1).queues()).hasSize(QUEUES);
    assertThat(seen.get(1).isPartial()).isFalse();
  }

  @Test
  void nothingIsAskedOnceItIsClosed() {
    look();
    long before = store.namesRead.get();
    sampler.close();
    timers.run(STEP_PAUSE_MS);
    look();
    assertThat(store.namesRead).hasValue(before);
    assertThat(timers.delays()).doesNotContain(STEP_PAUSE_MS, 2_000L);
  }

  private void look() {
    sampler.look().subscribe().with(seen::add, failure -> {});
  }

  /** Does what it was given when the test says so. */
  private static final class Timers extends ScheduledThreadPoolExecutor {
    private final List<Long> delays = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();

    Timers() {
      super(1);
    }

    List<Long> delays() {
      return delays;
    }

    /** The first that has such a delay. */
    void run(long delayMs) {
      int first = delays.indexOf(delayMs);
      assertThat(first).as("a task in %d ms of %s", delayMs, delays).isNotNegative();
      delays.remove(first);
      tasks.remove(first).run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      delays.add(unit.toMillis(delay));
      tasks.add(task);
      return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }
  }
}
