package dev.dueline.ops.dev;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.time.MovableClock;
import dev.dueline.delivery.time.MovableLoop;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The clock of the service: one that a test can move, or else that of the machine. */
@Singleton
public final class TestClock {
  private final Optional<MovableClock> clock =
      DevMode.hasTestClock() ? Optional.of(new MovableClock()) : Optional.empty();

  /** The clock that can be moved; empty: none can. */
  Optional<MovableClock> movable() {
    return clock;
  }

  /** By how much it was moved, ms. */
  public LongSupplier movedMs() {
    return clock.<LongSupplier>map(movable -> movable::movedMs).orElse(() -> 0);
  }

  /** The time of day by it. */
  public InstantSource instants() {
    return clock.<InstantSource>map(movable -> movable).orElse(InstantSource.system());
  }

  /** A loop whose timers go by it. */
  public EventLoop over(EventLoop real) {
    return clock.<EventLoop>map(movable -> new MovableLoop(real, movable)).orElse(real);
  }
}
