package dev.dueline.delivery.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A task that is set for one time, and set again for another. */
public final class Alarm {
  private final EventLoop loop;
  private EventLoop.@Nullable Timer timer;

  public Alarm(EventLoop loop) {
    this.loop = loop;
  }

  /** Runs the task after a time, instead of what was set before. */
  public void set(Duration delay, Runnable task) {
    cancel();
    timer = loop.schedule(delay, task);
  }

  /** Nothing is set any longer. */
  public void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
