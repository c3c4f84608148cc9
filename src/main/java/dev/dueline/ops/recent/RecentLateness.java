package dev.dueline.ops.recent;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The lateness of the last minutes, by the buckets of a timer: what is in them now, less what was
 * in them then. Recording costs a comparison more. Thread-safe.
 */
public final class RecentLateness {
  /** Looked at once a minute, so that the oldest is of five to six minutes ago. */
  private static final int KEPT = 6;

  private final Timer timer;
  private final Duration longest;

  // Not the timer's count less its last bucket: a job is in the count a moment before it is in a
  // bucket, and would be hours late for that moment.
  private final LongAdder beyond = new LongAdder();

  private final Deque<Look> kept = new ArrayDeque<>(KEPT);

  /** What was recorded until then; of {@code beyond}, later than the last bucket. */
  private record Look(CountAtBucket[] buckets, long beyond) {
    static final Look NONE = new Look(new CountAtBucket[0], 0);

    double until(int bucket) {
      return bucket < buckets.length ? buckets[bucket].count() : 0;
    }

    double all() {
      return beyond + (buckets.length == 0 ? 0 : until(buckets.length - 1));
    }
  }

  /**
   * Of the jobs that are recorded here.
   *
   * @param timer with buckets, once its registry has one behind it
   * @param longest its last bucket
   */
  public RecentLateness(Timer timer, Duration longest) {
    this.timer = timer;
    this.longest = longest;
    kept.addLast(Look.NONE);
  }

  /** A job was that late. */
  public void record(Duration lateness) {
    timer.record(lateness);
    if (lateness.compareTo(longest) > 0) {
      beyond.increment();
    }
  }

  /** A minute has passed. */
  public synchronized void minutePassed() {
    if (kept.size() == KEPT) {
      kept.removeFirst();
    }
    kept.addLast(look());
  }

  /** Bounds for those jobs; null: there were none. */
  public synchronized @Nullable Lateness lately() {
    Look now = look();
    Look then = kept.getFirst();
    double jobs = now.all() - then.all();
    return jobs <= 0
        ? null
        : new Lateness(bound(now, then, jobs / 2), bound(now, then, jobs * .99));
  }

  private Look look() {
    return new Look(timer.takeSnapshot().histogramCounts(), beyond.sum());
  }

  private static double since(Look then, Look now, int bucket) {
    return now.until(bucket) - then.until(bucket);
  }

  /** The least within which so many came. */
  private static long bound(Look now, Look then, double jobs) {
    for (int i = 0; i < now.buckets.length; i++) {
      if (since(then, now, i) >= jobs) {
        return Math.round(now.buckets[i].bucket(TimeUnit.MILLISECONDS));
      }
    }
    return Long.MAX_VALUE;
  }
}
