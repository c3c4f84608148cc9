package dev.dueline.grpc;

import dev.dueline.delivery.time.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/** An event loop whose time is set by hand: deterministic, on the caller's thread. */
public final class ManualLoop implements EventLoop {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Task> timers = new ArrayList<>();
  private long nowNanos;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Task timer = new Task(nowNanos + delay.toNanos(), task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  public int timers() {
    return timers.size();
  }

  /** Runs what there is to run now. */
  public void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Lets time pass, timer by timer. */
  public void advance(Duration time) {
    settle();
    long end = nowNanos + time.toNanos();
    while (true) {
      Task next =
          timers.stream()
              .min(Comparator.comparingLong(Task::atNanos))
              .filter(task -> task.atNanos <= end)
              .orElse(null);
      if (next == null) {
        break;
      }
      timers.remove(next);
      nowNanos = next.atNanos;
      next.task.run();
      settle();
    }
    nowNanos = end;
  }

  private record Task(long atNanos, Runnable task) {}
}
