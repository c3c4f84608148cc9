package dev.dueline.delivery.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A timer for one task at a time. */
public final class Alarm {
  private final EventLoop loop;
  private EventLoop.@Nullable Timer timer;

  public Alarm(EventLoop loop) {
    this.loop = loop;
  }

  /** Runs a task after a time, in place of the one set before. */
  public void set(Duration delay, Runnable task) {
    cancel();
    timer = loop.schedule(delay, task);
  }

  /** Runs nothing. */
  public void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
