package dev.dueline.delivery.sim;

import dev.dueline.delivery.time.EventLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop in virtual time: a task runs when the test lets its time come. */
public final class SimulatedLoop implements EventLoop {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long now;
  private long lastNumber;

  @Override
  public void execute(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Task entry = new Task(now + Math.max(0, delay.toNanos()), ++lastNumber, task);
    tasks.add(entry);
    return () -> tasks.remove(entry);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /** Lets time pass, and all that falls into it happen, in order. */
  public void pass(Duration time) {
    long until = now + time.toNanos();
    for (Task next = tasks.peek(); next != null && next.at <= until; next = tasks.peek()) {
      tasks.remove();
      now = Math.max(now, next.at);
      next.work.run();
    }
    now = until;
  }

  private record Task(long at, long number, Runnable work) {}
}
