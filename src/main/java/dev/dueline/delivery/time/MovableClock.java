package dev.dueline.delivery.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that goes on by itself, at the pace of this process, and that a test can move forward. It
 * never goes back: whoever waited for a time would wait for it again. All that tells the time of
 * jobs asks this one how far it was moved, the scripts of the store too, so that none of them sees
 * a step. Thread-safe.
 */
public final class MovableClock implements InstantSource {
  /** 2200-01-01: later, microseconds since the epoch are more than a double holds exactly. */
  public static final long LATEST_MS = 7_258_118_400_000L;

  private final InstantSource ownPace;
  private final AtomicLong movedMs = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** One that is not moved yet. */
  public MovableClock() {
    this(InstantSource.system());
  }

  /** One that goes on by itself as that does. */
  public MovableClock(InstantSource ownPace) {
    this.ownPace = ownPace;
  }

  /** By how much it was moved in all, ms. */
  public long movedMs() {
    return movedMs.get();
  }

  /** The time now, ms since the epoch. */
  @Override
  public long millis() {
    return ownPace.millis() + movedMs.get();
  }

  @Override
  public Instant instant() {
    return ownPace.instant().plusMillis(movedMs.get());
  }

  /** Calls back after each move, on the thread that moves. */
  void onMove(Runnable listener) {
    listeners.add(listener);
  }

  /** Moves it to a time; one that has passed already leaves it. At most {@link #LATEST_MS}. */
  public void moveTo(long ms) {
    if (ms > LATEST_MS) {
      throw new IllegalArgumentException("a time after the last one: " + ms);
    }
    movedMs.addAndGet(Math.max(0, ms - millis()));
    listeners.forEach(Runnable::run);
  }
}
