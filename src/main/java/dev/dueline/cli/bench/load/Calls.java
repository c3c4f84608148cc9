package dev.dueline.cli.bench.load;

import dev.dueline.cli.bench.report.Distribution;
import dev.dueline.cli.bench.report.Figures;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Calls of one kind: how many came to an end, how, and how long those that went well took. */
public final class Calls {
  /** Failures in a row, refusals among them, after which more of the same tells nothing new. */
  private static final int HOPELESS = 10_000;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICRO = 1_000;

  private final Distribution times = new Distribution();
  private final Failures failures = new Failures();
  private final LongAdder ended = new LongAdder();
  private final AtomicInteger failedInARow = new AtomicInteger();
  private final long beginNanos = System.nanoTime();
  private volatile long lastNanos = beginNanos;

  /** One went well. */
  void succeeded(long startNanos) {
    long now = System.nanoTime();
    times.add((now - startNanos) / NANOS_PER_MICRO);
    ended.increment();
    lastNanos = now;
    if (failedInARow.get() != 0) {
      failedInARow.set(0);
    }
  }

  /** One failed. */
  void failed(Throwable failure) {
    failures.add(failure);
    ended.increment();
    lastNanos = System.nanoTime();
    failedInARow.incrementAndGet();
  }

  /** Whether only failures come, so that going on would be spinning. */
  boolean isHopeless() {
    return failedInARow.get() >= HOPELESS;
  }

  /** How many went well. */
  public long succeeded() {
    return times.count();
  }

  /** How many came to an end, well or not. */
  public long ended() {
    return ended.sum();
  }

  /** From the beginning to the last end of a call. */
  public double seconds() {
    return (lastNanos - beginNanos) / NANOS_PER_SECOND;
  }

  /** Those that failed, and items of batches that did. */
  public Failures failures() {
    return failures;
  }

  /** Adds the times and the failures, each name after the prefix. */
  public void addTo(Figures figures, String prefix) {
    times.addTo(figures, prefix);
    failures.addTo(figures, prefix);
  }
}
