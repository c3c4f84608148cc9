package dev.dueline.ops.liveness;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * For how many ticks of the watch an event loop has not turned. One task at most waits on the loop,
 * so one that is stuck gathers none. Ticks are those of the watch and not time: while the whole
 * process stands still, neither goes on.
 */
final class Heartbeat {
  private final Executor loop;
  private final String name;
  private volatile boolean isAwaited;
  private volatile int missed;

  /**
   * @param name of the loop's thread
   */
  Heartbeat(String name, Executor loop) {
    this.name = name;
    this.loop = loop;
  }

  /** One thread only. */
  void tick() {
    if (isAwaited) {
      int before = missed;
      missed = before + 1;
      return;
    }
    missed = 0;
    isAwaited = true;
    try {
      loop.execute(this::beat);
    } catch (RejectedExecutionException e) {
      // The loop has ended, so its answer never comes.
    }
  }

  private void beat() {
    isAwaited = false;
  }

  /** Of the loop's thread. */
  String name() {
    return name;
  }

  /** Ticks for which the loop has not turned; 0 if it has since the last one. Any thread. */
  int missed() {
    return isAwaited ? missed : 0;
  }
}
