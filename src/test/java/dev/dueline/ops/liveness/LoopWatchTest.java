package dev.dueline.ops.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static final int LIMIT = 3;

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Executor loop = tasks::add;
  private final Map<Executor, String> serving = new HashMap<>(Map.of(loop, "loop"));
  private final LoopWatch watch = new LoopWatch(() -> serving, LIMIT);

  @Test
  void aLoopThatTurnsEachTickLives() {
    for (int i = 0; i < 3 * LIMIT; i++) {
      watch.tick();
      turn();
    }
    assertThat(watch.stuck()).isEmpty();
  }

  @Test
  void aLoopIsStuckAtTheLimitAndNotBefore() {
    ticks(LIMIT);
    assertThat(watch.stuck()).isEmpty();
    watch.tick();
    assertThat(watch.stuck()).containsExactly(Map.entry("loop", LIMIT));
    ticks(2);
    assertThat(watch.stuck()).containsExactly(Map.entry("loop", LIMIT + 2));
  }

  @Test
  void aLoopThatIsStuckGathersNoTasks() {
    ticks(10 * LIMIT);
    assertThat(tasks).hasSize(1);
  }

  @Test
  void aLoopThatTurnsAgainLivesAtOnceAndCountsAnew() {
    ticks(LIMIT + 1);
    turn();
    assertThat(watch.stuck()).isEmpty();
    ticks(LIMIT);
    assertThat(watch.stuck()).isEmpty();
    watch.tick();
    assertThat(watch.stuck()).containsOnlyKeys("loop");
  }

  @Test
  void aLoopThatHasEndedIsStuck() {
    serving.clear();
    serving.put(
        task -> {
          throw new RejectedExecutionException();
        },
        "ended");
    ticks(LIMIT + 1);
    assertThat(watch.stuck()).containsExactly(Map.entry("ended", LIMIT));
  }

  @Test
  void aLoopWithoutConnectionsIsStillWatched() {
    watch.tick();
    turn();
    serving.clear();
    ticks(LIMIT + 1);
    assertThat(watch.stuck()).hasSize(1);
  }

  @Test
  void oneLoopOfManyIsNamed() {
    serving.put(Runnable::run, "well");
    ticks(LIMIT + 1);
    assertThat(watch.stuck()).containsOnlyKeys("loop");
  }

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      watch.tick();
    }
  }

  private void turn() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
