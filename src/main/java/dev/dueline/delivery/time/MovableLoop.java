package dev.dueline.delivery.time;

import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The event loop of delivery by a clock that can be moved. What falls due by a move runs at once,
 * in the order of its time, and before what is set by it; otherwise time passes as on the loop
 * below. Thread-safe.
 */
public final class MovableLoop implements EventLoop {
  /** A timer for later counts as one for then: sums of nanoseconds must not overflow. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final EventLoop real;
  private final MovableClock clock;
  private final TreeSet<Entry> entries = new TreeSet<>(MovableLoop::compare);
  private @Nullable Timer alarm;
  private long alarmNanos;
  private long lastNumber;

  /**
   * Nothing is set yet.
   *
   * @param real runs the tasks
   */
  public MovableLoop(EventLoop real, MovableClock clock) {
    this.real = real;
    this.clock = clock;
    clock.onMove(() -> real.execute(this::ring));
  }

  /** A task that was set for a time of {@link #nanoTime}. */
  private static final class Entry {
    private final long nanos;
    private final long number;
    private final Runnable task;
    private volatile boolean isCanceled;

    Entry(long nanos, long number, Runnable task) {
      this.nanos = nanos;
      this.number = number;
      this.task = task;
    }

    void run() {
      if (!isCanceled) {
        task.run();
      }
    }
  }

  private static int compare(Entry a, Entry b) {
    return a.nanos == b.nanos ? Long.compare(a.number, b.number) : Long.signum(a.nanos - b.nanos);
  }

  @Override
  public void execute(Runnable task) {
    real.execute(task);
  }

  @Override
  public synchronized Timer schedule(Duration delay, Runnable task) {
    Duration bounded = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    Entry entry = new Entry(nanoTime() + Math.max(0, bounded.toNanos()), ++lastNumber, task);
    entries.add(entry);
    arm();
    return () -> cancel(entry);
  }

  @Override
  public long nanoTime() {
    return real.nanoTime() + clock.movedMs() * 1_000_000;
  }

  private synchronized void cancel(Entry entry) {
    entry.isCanceled = true;
    entries.remove(entry);
  }

  /** An alarm that is too early does no harm. */
  private void arm() {
    if (entries.isEmpty() || (alarm != null && alarmNanos - entries.first().nanos <= 0)) {
      return;
    }
    if (alarm != null) {
      alarm.cancel();
    }
    alarmNanos = entries.first().nanos;
    alarm = real.schedule(Duration.ofNanos(Math.max(0, alarmNanos - nanoTime())), this::ring);
  }

  /** Runs each as a task of its own, so that one that fails keeps no other from running. */
  private synchronized void ring() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    long now = nanoTime();
    while (!entries.isEmpty() && entries.first().nanos - now <= 0) {
      real.execute(entries.pollFirst()::run);
    }
    arm();
  }
}
