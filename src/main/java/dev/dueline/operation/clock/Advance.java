package dev.dueline.operation.clock;

import dev.dueline.delivery.time.MovableClock;
import dev.dueline.store.call.Deadline;
import java.time.Duration;

/**
 * Moves the clock from one event to the next, and lets delivery settle at each. Blocks; one at a
 * time.
 */
final class Advance {
  /** Then the caller hears how far it came: a minute or so. */
  static final int MAX_STEPS = 100_000;

  private final Lookout lookout;
  private final MovableClock clock;

  Advance(Lookout lookout, MovableClock clock) {
    this.lookout = lookout;
    this.clock = clock;
  }

  /** Up to a time; throws {@link ClockTargetException} where it cannot be moved there. */
  Passage to(long targetMs, Duration settleTimeout, Deadline deadline) {
    if (targetMs < clock.millis()) {
      throw new ClockTargetException("must not be before the time now: the clock never goes back");
    }
    return reach(targetMs, settleTimeout, deadline);
  }

  /** By so many ms from now, none at least; throws as well. */
  Passage by(long ms, Duration settleTimeout, Deadline deadline) {
    // By the next look at the clock this may be before the time then.
    return reach(clock.millis() + ms, settleTimeout, deadline);
  }

  private Passage reach(long targetMs, Duration settleTimeout, Deadline deadline) {
    if (targetMs > MovableClock.LATEST_MS) {
      throw new ClockTargetException("must lead to a time before the year 2200");
    }
    Run run = new Run(settleTimeout, deadline);
    while (run.mayGoOn(MAX_STEPS) && clock.millis() < targetMs) {
      long nextMs = run.snapshot.nextMs();
      run.step(Math.min(nextMs, targetMs), nextMs <= targetMs);
    }
    return run.passage(clock.millis() >= targetMs);
  }

  /** To the next event, if there is one. */
  Passage toNext(Duration settleTimeout, Deadline deadline) {
    Run run = new Run(settleTimeout, deadline);
    long nextMs = run.snapshot.nextMs();
    if (nextMs <= MovableClock.LATEST_MS && run.mayGoOn(1)) {
      run.step(nextMs, true);
    }
    return run.passage(!deadline.isPassed());
  }

  /** One under way. */
  private final class Run {
    private final Quiescence quiescence;
    private final Deadline deadline;
    private final Tally before;
    private Snapshot snapshot;
    private int steps;

    /** Lets delivery settle where it begins. */
    Run(Duration settleTimeout, Deadline deadline) {
      this.deadline = deadline;
      this.quiescence = new Quiescence(lookout, settleTimeout, deadline);
      this.before = lookout.tally();
      this.snapshot = quiescence.first(clock.millis());
    }

    boolean mayGoOn(int most) {
      return steps < most && !deadline.isPassed();
    }

    void step(long ms, boolean isEvent) {
      long lookedMs = snapshot.nowMs();
      lookout.moveTo(snapshot, ms);
      steps += isEvent ? 1 : 0;
      snapshot = quiescence.since(lookedMs);
    }

    Passage passage(boolean isComplete) {
      return new Passage(clock.millis(), steps, isComplete, lookout.tally().since(before));
    }
  }
}
