package dev.dueline.system.chaos.nemesis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Faults without end, each kind as often as any other; one seed is one plan. Not thread-safe. */
public final class Plan {
  private final List<FaultKind> kinds;
  private final Random random;
  private final Deque<FaultKind> round = new ArrayDeque<>();

  public Plan(long seed, List<FaultKind> kinds) {
    this.kinds = List.copyOf(kinds);
    this.random = new Random(seed);
  }

  /** Whether nothing ever goes wrong. */
  public boolean isEmpty() {
    return kinds.isEmpty();
  }

  /** The next one. */
  public Fault next() {
    if (round.isEmpty()) {
      List<FaultKind> shuffled = new ArrayList<>(kinds);
      Collections.shuffle(shuffled, random);
      round.addAll(shuffled);
    }
    FaultKind kind = round.remove();
    int lastsMs = kind.leastMs() + random.nextInt(kind.mostMs() - kind.leastMs() + 1);
    return new Fault(kind, lastsMs, random.nextInt(1 << 20), random.nextDouble());
  }

  /** How long nothing goes wrong before the next, in ms. */
  public long quietMs(long least, long most) {
    return least + random.nextInt((int) (most - least) + 1);
  }
}
