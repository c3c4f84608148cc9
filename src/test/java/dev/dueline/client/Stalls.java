package dev.dueline.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How much later than due a thread of its own went on, in all: what this machine, or a collection
 * of garbage, kept from the threads of a test. What has a time of its own and does not end in it,
 * although nothing was kept from it, is at fault itself.
 */
public final class Stalls implements AutoCloseable {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final AtomicLong lateNanos = new AtomicLong();
  private final Thread thread = new Thread(this::run, "stalls");
  private volatile long dueNanos = System.nanoTime() + STEP_NANOS;
  private volatile boolean isClosed;

  /** Counts from now on. */
  public Stalls() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!isClosed) {
      dueNanos = System.nanoTime() + STEP_NANOS;
      LockSupport.parkNanos(STEP_NANOS);
      lateNanos.addAndGet(lateBy());
    }
  }

  private long lateBy() {
    return Math.max(0, System.nanoTime() - dueNanos);
  }

  /** Whether it was all in all no longer than that, with what lasts now. */
  public boolean areWithin(Duration most) {
    return lateNanos.get() + lateBy() <= most.toNanos();
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
