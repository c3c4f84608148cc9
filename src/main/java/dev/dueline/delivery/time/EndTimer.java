package dev.dueline.delivery.time;

import java.time.Duration;

/** A timer for an end that can be brought forward, and not be put off. */
public final class EndTimer {
  private final EventLoop loop;
  private final Alarm alarm;
  private long endNanos;
  private boolean hasEnd;

  public EndTimer(EventLoop loop) {
    this.loop = loop;
    this.alarm = new Alarm(loop);
  }

  /** Runs the end after a time, unless it was to come sooner already. */
  public void set(Duration max, Runnable end) {
    if (left(max).equals(max)) {
      hasEnd = true;
      endNanos = loop.nanoTime() + max.toNanos();
      alarm.set(max, end);
    }
  }

  /** The time until the end, if it were set to come after so long now. */
  public Duration left(Duration max) {
    long nanos = endNanos - loop.nanoTime();
    return hasEnd && nanos < max.toNanos() ? Duration.ofNanos(Math.max(0, nanos)) : max;
  }

  /** Runs nothing. */
  public void cancel() {
    alarm.cancel();
  }
}
