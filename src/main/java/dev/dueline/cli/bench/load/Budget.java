package dev.dueline.cli.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/** What is left of an amount. Its time runs from its creation. May be drawn on by any thread. */
public final class Budget {
  private final long count;
  private final long endNanos;
  private final AtomicLong taken = new AtomicLong();
  private volatile boolean isOver;

  /** The whole amount. */
  public Budget(Amount amount) {
    this.count = amount.count();
    this.endNanos = System.nanoTime() + amount.duration().toNanos();
    this.isOver = amount.isNone();
  }

  /** Takes as many as are left, up to those wanted; 0: it is over. */
  public int take(int wanted) {
    if (isOver || System.nanoTime() - endNanos >= 0) {
      return 0;
    }
    long before = taken.getAndAdd(wanted);
    return (int) Math.max(0, Math.min(wanted, count - before));
  }

  /** Leaves nothing. */
  public void end() {
    isOver = true;
  }
}
