package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.JobStore;
import dev.dueline.store.SweepStep;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks through the watched shards for what does not fit together: soon when the store of a shard
 * was away, since it may have come back with less, and otherwise slowly all day. All replicas share
 * one pass of a shard, whose place the store keeps. At most one step is under way; one that fails
 * is made later, since the loops of shards say that the store is away.
 */
final class Sweeper {
  /** Between steps: a step takes the store about a millisecond. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private static final Duration FAST = Duration.ofMillis(10);

  /**
   * Delay before a newly watched shard's first sweep, and before a step that failed is repeated.
   */
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);

  private static final Duration REST = Duration.ofHours(1);

  private final JobStore store;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Map<Shard, Turn> turns = new HashMap<>();

  /** Those that are wanted soon. */
  private final NavigableSet<Turn> soon = new TreeSet<>(Turn::compare);

  private final NavigableSet<Turn> others = new TreeSet<>(Turn::compare);
  private boolean isStepping;
  private long steppedNanos;
  private long added;

  /** No shard yet. */
  Sweeper(JobStore store, DeliveryContext context) {
    this.store = store;
    this.context = context;
    this.alarm = new Alarm(context.loop());
    this.steppedNanos = context.loop().nanoTime();
  }

  /** When one shard is to be asked for next. */
  private static final class Turn {
    private final Shard shard;
    private final long number;
    private final Map<Inconsistency, Integer> repaired = new EnumMap<>(Inconsistency.class);
    private long nextNanos;

    /** How many loops of this replica ask the shard: two while it changes its outlet. */
    private int loops;

    /** A pass that began since, by the store's clock, is wanted soon; 0: none is. */
    private long sinceMs;

    Turn(Shard shard, long number, long nextNanos) {
      this.shard = shard;
      this.number = number;
      this.nextNanos = nextNanos;
    }

    /** By the time of the next step; the number tells those of one time apart. */
    static int compare(Turn one, Turn other) {
      long later = one.nextNanos - other.nextNanos;
      return later == 0 ? Long.compare(one.number, other.number) : Long.signum(later);
    }

    Duration gap() {
      return sinceMs > 0 ? FAST : SLOW;
    }
  }

  /** A loop of a shard has begun. */
  void add(Shard shard) {
    turns.computeIfAbsent(shard, this::first).loops++;
    arm();
  }

  private Turn first(Shard shard) {
    Turn turn = new Turn(shard, added++, nanosIn(context.jittered(FIRST_DELAY)));
    others.add(turn);
    return turn;
  }

  /** A loop of a shard has ended; one that watchers wanted may outlast that to a Redis Stream. */
  void remove(Shard shard) {
    Turn turn = turns.get(shard);
    if (turn != null && --turn.loops == 0) {
      turns.remove(shard);
      order(turn).remove(turn);
      arm();
    }
  }

  /** The store of a shard was away, and answers again at this time by its clock. */
  void recovered(Shard shard, long storeNowMs) {
    Turn turn = turns.get(shard);
    if (turn != null) {
      put(turn, storeNowMs, Duration.ZERO);
      arm();
    }
  }

  /** The next step of a turn comes after this wait; none does once its shard is gone. */
  private void put(Turn turn, long sinceMs, Duration wait) {
    order(turn).remove(turn);
    turn.sinceMs = sinceMs;
    turn.nextNanos = nanosIn(wait);
    if (turn.loops > 0) {
      order(turn).add(turn);
    }
  }

  private NavigableSet<Turn> order(Turn turn) {
    return turn.sinceMs > 0 ? soon : others;
  }

  private void arm() {
    alarm.cancel();
    if (!isStepping) {
      Stream.of(soon, others)
          .filter(order -> !order.isEmpty())
          .map(NavigableSet::first)
          .min(Comparator.comparingLong(this::nanosUntil))
          .ifPresent(
              turn -> alarm.set(Duration.ofNanos(Math.max(0, nanosUntil(turn))), () -> step(turn)));
    }
  }

  private long nanosUntil(Turn turn) {
    long free = steppedNanos + turn.gap().toNanos();
    long now = context.loop().nanoTime();
    return Math.max(turn.nextNanos - now, free - now);
  }

  private long nanosIn(Duration time) {
    return context.loop().nanoTime() + time.toNanos();
  }

  private void step(Turn turn) {
    isStepping = true;
    steppedNanos = context.loop().nanoTime();
    long sinceMs = turn.sinceMs;
    SweepStep.Pace pace =
        new SweepStep.Pace(turn.gap().toMillis(), context.jittered(REST).toMillis(), sinceMs);
    context.call(
        store.sweep(turn.shard, pace), step -> stepped(turn, sinceMs, step), away -> failed(turn));
  }

  private void stepped(Turn turn, long sinceMs, SweepStep step) {
    isStepping = false;
    if (!step.repaired().isEmpty()) {
      context.observer().repaired(turn.shard, step.repaired());
      step.repaired().forEach((kind, count) -> turn.repaired.merge(kind, count, Integer::sum));
    }
    boolean isCurrent = sinceMs == turn.sinceMs;
    boolean isOver = step.isComplete() && isCurrent;
    if (isOver && !turn.repaired.isEmpty()) {
      context.observer().swept(turn.shard, new EnumMap<>(turn.repaired));
      turn.repaired.clear();
    }
    Duration wait = isCurrent ? Duration.ofMillis(step.waitMs()) : Duration.ZERO;
    put(turn, isOver ? 0 : turn.sinceMs, wait);
    arm();
  }

  private void failed(Turn turn) {
    isStepping = false;
    put(turn, turn.sinceMs, context.jittered(FIRST_DELAY));
    arm();
  }
}
