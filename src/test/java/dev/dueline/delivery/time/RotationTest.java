package dev.dueline.delivery.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Turns come fairly, and cost no more for many members. */
final class RotationTest {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int PER_SECOND = 80;
  private static final int TOGETHER = 16;
  private static final Duration GAP = Duration.ofSeconds(1).dividedBy(PER_SECOND);

  private final SimulatedLoop loop = new SimulatedLoop();
  private final List<Integer> turns = new ArrayList<>();
  private final Set<Long> times = new HashSet<>();
  private final Rotation<Integer> rotation = new Rotation<>(loop, PER_SECOND, this::turn);

  private void turn(int member) {
    times.add(loop.nanoTime());
    turns.add(member);
    rotation.later(member, PAUSE);
  }

  private void join(int members) {
    for (int i = 0; i < members; i++) {
      rotation.later(i, PAUSE);
    }
  }

  @Test
  void fewHaveATurnAfterEachPause() {
    join(3);
    loop.pass(Duration.ofSeconds(10));
    assertThat(turns).hasSizeBetween(27, 30);
    assertThat(turns.subList(0, 6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void manyShareWhatIsAllowed() {
    join(800);
    loop.pass(Duration.ofSeconds(61));
    assertThat(turns).hasSizeBetween(60 * PER_SECOND - 100, 60 * PER_SECOND + TOGETHER);
    Map<Integer, Integer> each = new HashMap<>();
    turns.forEach(member -> each.merge(member, 1, Integer::sum));
    assertThat(each).hasSize(800);
    assertThat(each.values()).allMatch(count -> count >= 6 && count <= 7);
    // Others may be taken together with the last one that waits.
    Duration period = Duration.ofSeconds(1).plus(GAP.multipliedBy(800 + TOGETHER - 1));
    assertThat(rotation.period(PAUSE)).isEqualTo(period);
  }

  @Test
  void turnsOfManyComeTogether() {
    join(800);
    loop.pass(PAUSE);
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int before = turns.size();
      loop.pass(Duration.ofMillis(10));
      steps.add(turns.size() - before);
    }
    assertThat(turns).hasSizeBetween(PER_SECOND, PER_SECOND + TOGETHER);
    assertThat(steps).containsOnly(0, TOGETHER);
    assertThat(turns).doesNotHaveDuplicates();
  }

  @Test
  void soDoTurnsOfSeveralRotations() {
    Set<Long> calls = new HashSet<>();
    List<Rotation<Integer>> slower = new ArrayList<>();
    slower.add(
        new Rotation<>(
            loop,
            PER_SECOND / 4,
            member -> {
              calls.add(loop.nanoTime());
              slower.get(0).later(member, PAUSE);
            }));
    join(800);
    loop.pass(Duration.ofMillis(30));
    for (int i = 0; i < 800; i++) {
      slower.get(0).later(i, PAUSE);
    }
    loop.pass(Duration.ofSeconds(3));
    calls.clear();
    times.clear();
    loop.pass(Duration.ofSeconds(1));
    assertThat(calls).hasSize(5).allMatch(nanos -> nanos % (TOGETHER * GAP.toNanos()) == 0);
    assertThat(calls).isEqualTo(times);
  }

  @Test
  void turnsOffTheBeatComeToItOneTurnAtATimeAndNoneLater() {
    long gap = GAP.toNanos();
    long beat = TOGETHER * gap;
    loop.pass(Duration.ofNanos(beat * 3 / 4));
    join(800);
    loop.pass(Duration.ofSeconds(10));
    List<Long> calls = times.stream().sorted().toList();
    assertThat(calls.get(0) % beat).isGreaterThan(beat / 2);
    List<Long> between = new ArrayList<>();
    for (int i = 1; i < calls.size(); i++) {
      between.add(calls.get(i) - calls.get(i - 1));
    }
    assertThat(between).containsOnly(beat - gap, beat).isSorted();
    assertThat(calls.get(calls.size() - 1) % beat).isZero();
  }

  @Test
  void aMemberThatWaitsAloneIsNotHeldUp() {
    join(1);
    loop.pass(PAUSE.dividedBy(2));
    rotation.later(1, PAUSE);
    loop.pass(PAUSE.dividedBy(2));
    assertThat(turns).containsExactly(0);
    loop.pass(PAUSE.dividedBy(2));
    assertThat(turns).containsExactly(0, 1);
  }

  @Test
  void whoCannotWaitIsFirstAndInBursts() {
    join(5_000);
    loop.pass(PAUSE.minusMillis(1));
    for (int i = 0; i < 5_000; i++) {
      rotation.soon(i);
    }
    loop.pass(Duration.ZERO);
    assertThat(turns).hasSize(50);
    loop.pass(Duration.ofSeconds(5));
    assertThat(turns.stream().distinct()).hasSize(5_000);
  }

  @Test
  void whoIsOutHasNoTurn() {
    join(2);
    rotation.soon(1);
    rotation.remove(0);
    rotation.remove(1);
    loop.pass(Duration.ofSeconds(10));
    assertThat(turns).isEmpty();
    assertThat(rotation.members()).isEmpty();
  }
}
