package dev.dueline.delivery.time;

import java.time.Duration;

/** The one thread, and the one clock, that the state of delivery belongs to. */
public interface EventLoop {
  /** Name of the loop's thread. */
  String THREAD = "dueline-delivery";

  /** Runs a task on the loop, after those before it. Any thread. */
  void execute(Runnable task);

  /** Runs a task on the loop once a time has passed, not before. Any thread. */
  Timer schedule(Duration delay, Runnable task);

  /** A monotonic clock, nanoseconds from any origin. Any thread. */
  long nanoTime();

  /** A task that was scheduled. */
  interface Timer {
    /** The task will not run, unless it has begun. */
    void cancel();
  }
}
