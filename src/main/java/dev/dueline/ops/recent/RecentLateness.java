package dev.dueline.ops.recent;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lateness of the last minutes, by the buckets of a timer: what is in them now, less what was
 * in them then. Recording costs nothing more. Thread-safe.
 */
public final class RecentLateness {
  /** Looked at once a minute, so that the oldest is of five to six minutes ago. */
  private static final int KEPT = 6;

  private final Timer timer;
  private final Deque<HistogramSnapshot> kept = new ArrayDeque<>(KEPT);

  /** Of the jobs that a timer records. */
  public RecentLateness(Timer timer) {
    this.timer = timer;
  }

  /** A minute has passed. */
  public synchronized void minutePassed() {
    if (kept.size() == KEPT) {
      kept.removeFirst();
    }
    kept.addLast(timer.takeSnapshot());
  }

  /** Bounds for those jobs; null: there were none. */
  public synchronized @Nullable Lateness lately() {
    HistogramSnapshot now = timer.takeSnapshot();
    HistogramSnapshot then = kept.peekFirst();
    long jobs = now.count() - (then == null ? 0 : then.count());
    return jobs <= 0 ? null : new Lateness(bound(now, then, jobs, 50), bound(now, then, jobs, 99));
  }

  private static long bound(
      HistogramSnapshot now, @Nullable HistogramSnapshot then, long jobs, int percent) {
    CountAtBucket[] buckets = now.histogramCounts();
    for (int i = 0; i < buckets.length; i++) {
      double before = then == null ? 0 : then.histogramCounts()[i].count();
      if ((buckets[i].count() - before) * 100 >= (double) jobs * percent) {
        return Math.round(buckets[i].bucket(TimeUnit.MILLISECONDS));
      }
    }
    return Long.MAX_VALUE;
  }
}
