package dev.dueline.delivery.shard;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import dev.dueline.store.Damage;
import dev.dueline.store.SweepStep;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Looks through the watched shards for what does not fit together: soon when the store of a shard
 * was away, since it may have come back with less, and otherwise slowly all day. All replicas share
 * one pass of a shard, whose place the store keeps. At most one step is under way; one that fails
 * is made later, since the pollers say that the store is away.
 */
public final class Sweeper {
  /** Between steps: a step takes the store about a millisecond. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private static final Duration FAST = Duration.ofMillis(10);

  /** A shard is left alone for as long at first: most that just came to be watched is sound. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private static final Duration REST = Duration.ofHours(1);

  private final DeliveryContext context;
  private final Alarm alarm;
  private final Map<Shard, Turn> turns = new LinkedHashMap<>();
  private boolean isStepping;
  private long steppedNanos;

  public Sweeper(DeliveryContext context) {
    this.context = context;
    this.alarm = new Alarm(context.loop());
    this.steppedNanos = context.loop().nanoTime();
  }

  /** When one shard is to be asked for next. */
  private static final class Turn {
    private final Shard shard;
    private final Map<Damage, Integer> mended = new EnumMap<>(Damage.class);
    private long nextNanos;

    /** A pass that began since, by the store's clock, is wanted soon; 0: none is. */
    private long sinceMs;

    Turn(Shard shard, long nextNanos) {
      this.shard = shard;
      this.nextNanos = nextNanos;
    }

    Duration gap() {
      return sinceMs > 0 ? FAST : SLOW;
    }
  }

  /** A shard is watched. */
  public void add(Shard shard) {
    turns.put(shard, new Turn(shard, context.loop().nanoTime() + jittered(SETTLING).toNanos()));
    arm();
  }

  /** A shard is not watched any longer. */
  public void remove(Shard shard) {
    turns.remove(shard);
    arm();
  }

  /** The store of a shard was away, and answers again at this time by its clock. */
  public void recovered(Shard shard, long storeNowMs) {
    Turn turn = turns.get(shard);
    if (turn != null) {
      turn.sinceMs = storeNowMs;
      turn.nextNanos = context.loop().nanoTime();
      arm();
    }
  }

  private void arm() {
    alarm.cancel();
    if (!isStepping) {
      turns.values().stream()
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

  private void step(Turn turn) {
    isStepping = true;
    steppedNanos = context.loop().nanoTime();
    long sinceMs = turn.sinceMs;
    SweepStep.Pace pace =
        new SweepStep.Pace(turn.gap().toMillis(), jittered(REST).toMillis(), sinceMs);
    context
        .store()
        .sweep(turn.shard, pace)
        .subscribe()
        .with(
            step -> context.loop().execute(() -> stepped(turn, sinceMs, step)),
            failure -> context.loop().execute(() -> failed(turn)));
  }

  private void stepped(Turn turn, long sinceMs, SweepStep step) {
    isStepping = false;
    if (!step.mended().isEmpty()) {
      context.observer().mended(turn.shard, step.mended());
      step.mended().forEach((damage, count) -> turn.mended.merge(damage, count, Integer::sum));
    }
    boolean isCurrent = sinceMs == turn.sinceMs;
    if (step.isComplete() && isCurrent) {
      turn.sinceMs = 0;
      if (!turn.mended.isEmpty()) {
        context.observer().swept(turn.shard, new EnumMap<>(turn.mended));
        turn.mended.clear();
      }
    }
    long waitNanos = isCurrent ? Duration.ofMillis(step.waitMs()).toNanos() : 0;
    turn.nextNanos = context.loop().nanoTime() + waitNanos;
    arm();
  }

  private void failed(Turn turn) {
    isStepping = false;
    turn.nextNanos = context.loop().nanoTime() + jittered(SETTLING).toNanos();
    arm();
  }

  /** Spread over the upper half, so that replicas do not ask in step. */
  private Duration jittered(Duration most) {
    return Duration.ofNanos(Math.round(most.toNanos() * (0.5 + context.random().nextDouble() / 2)));
  }
}
