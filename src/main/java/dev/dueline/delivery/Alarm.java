package dev.dueline.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A task that is set for one time, and set again for another. */
final class Alarm {
  private final EventLoop loop;
  private EventLoop.@Nullable Timer timer;

  Alarm(EventLoop loop) {
    this.loop = loop;
  }

  /** Runs the task after a time, instead of what was set before. */
  void set(Duration delay, Runnable task) {
    cancel();
    timer = loop.schedule(delay, task);
  }

  /** Nothing is set any longer. */
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
