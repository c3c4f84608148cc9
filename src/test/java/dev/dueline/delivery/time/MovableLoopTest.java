package dev.dueline.delivery.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.sim.SimulatedLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timers by a clock that is moved: real time stands still here, unless the test lets it pass. */
class MovableLoopTest {
  private static final Duration NOW = Duration.ZERO;

  private final SimulatedLoop real = new SimulatedLoop();
  private final MovableClock clock = new MovableClock();
  private final MovableLoop loop = new MovableLoop(real, clock);
  private final List<String> ran = new ArrayList<>();

  private EventLoop.Timer set(long seconds, String name) {
    return loop.schedule(Duration.ofSeconds(seconds), () -> ran.add(name));
  }

  private void move(Duration by) {
    clock.moveTo(clock.millis() + by.toMillis());
    real.pass(NOW);
  }

  @Test
  void timePassesAsItDoes() {
    set(2, "b");
    set(1, "a");
    real.pass(Duration.ofMillis(999));
    assertThat(ran).isEmpty();
    real.pass(Duration.ofMillis(1));
    assertThat(ran).containsExactly("a");
    real.pass(Duration.ofSeconds(1));
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void aMoveRunsWhatIsDueInOrder() {
    set(30, "c");
    set(10, "a");
    set(20, "b");
    set(7_200, "later");

    move(Duration.ofHours(1));

    assertThat(ran).containsExactly("a", "b", "c");
    real.pass(Duration.ofMinutes(50));
    assertThat(ran).hasSize(3);
    real.pass(Duration.ofMinutes(11));
    assertThat(ran).containsExactly("a", "b", "c", "later");
  }

  @Test
  void theLoopAndTheClockMoveAlike() {
    long before = loop.nanoTime();
    move(Duration.ofDays(3));
    assertThat(loop.nanoTime() - before).isEqualTo(clock.movedMs() * 1_000_000);
  }

  @Test
  void whatATaskSetsGoesByTheTimeThatIsNow() {
    loop.schedule(Duration.ofSeconds(10), () -> set(10, "again"));
    move(Duration.ofHours(1));
    assertThat(ran).isEmpty();
    real.pass(Duration.ofSeconds(10));
    assertThat(ran).containsExactly("again");
  }

  @Test
  void whatWasCanceledDoesNotRunAlsoWhereItIsDueAtTheSameTime() {
    EventLoop.Timer second = set(20, "second");
    loop.schedule(Duration.ofSeconds(10), second::cancel);
    set(5, "never").cancel();
    move(Duration.ofHours(1));
    assertThat(ran).isEmpty();
  }

  @Test
  void theLongestTimerThereIsCanBeSet() {
    loop.schedule(Duration.ofNanos(Long.MAX_VALUE), () -> ran.add("never"));
    set(1, "a");
    move(Duration.ofDays(3_650));
    assertThat(ran).containsExactly("a");
  }

  @Test
  void theClockNeverGoesBack() {
    move(Duration.ofHours(1));
    long movedMs = clock.movedMs();
    clock.moveTo(clock.millis() - 60_000);
    assertThat(clock.movedMs()).isEqualTo(movedMs);
    assertThatThrownBy(() -> clock.moveTo(MovableClock.LATEST_MS + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
