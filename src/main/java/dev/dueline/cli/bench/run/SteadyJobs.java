package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Lateness;
import dev.dueline.v1.DueJob;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The jobs beside a burst: evenly spaced, from a while before it until it should have drained.
 * Keeps each arrival, as only the end of the burst tells which of them count.
 */
public final class SteadyJobs implements AckingWatch.Arrivals {
  public static final int MOST_RATE = 1_000;

  /** Before the burst, to compare with. */
  private static final Duration BEFORE = Duration.ofSeconds(2);

  /** After the burst's due time, whatever its size. */
  private static final Duration LEAST_AFTER = Duration.ofSeconds(5);

  /** How much longer delivering takes than scheduling in batches, generously. */
  private static final int DELIVERING_PER_LOADING = 4;

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final int rate;
  private final int count;
  private final long firstUs;
  private final AtomicLongArray receivedUs;
  private final AtomicReferenceArray<DueJob> jobs;

  /** Jobs from this time on, µs. */
  public SteadyJobs(int rate, int count, long firstUs) {
    this.rate = rate;
    this.count = count;
    this.firstUs = firstUs;
    this.receivedUs = new AtomicLongArray(count);
    this.jobs = new AtomicReferenceArray<>(count);
  }

  /** How many jobs last until a burst has drained that takes so long to schedule. */
  public static int countFor(int rate, Duration loading) {
    Duration length = BEFORE.plus(LEAST_AFTER).plus(loading.multipliedBy(DELIVERING_PER_LOADING));
    return Math.toIntExact(rate * length.toMillis() / Duration.ofSeconds(1).toMillis());
  }

  /** When the burst falls due, µs. */
  public long burstUs() {
    return firstUs + BEFORE.toNanos() / NANOS_PER_MICRO;
  }

  /** The due time of a job by its number, µs. */
  public long dueUs(long index) {
    return firstUs + index * MICROS_PER_SECOND / rate;
  }

  /** How many fall due before this time, µs. */
  public int dueUntil(long us) {
    int until = 0;
    while (until < count && dueUs(until) < us) {
      until++;
    }
    return until;
  }

  @Override
  public void came(long index, DueJob job, long receivedAtUs) {
    jobs.set((int) index, job);
    receivedUs.set((int) index, receivedAtUs);
  }

  /** Whether the first so many have come. */
  public boolean hasCome(int first) {
    for (int i = 0; i < first; i++) {
      if (receivedUs.get(i) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The lateness of those due from one time to before another, µs, all of which have come. */
  public Lateness between(long fromUs, long toUs) {
    Lateness lateness = new Lateness();
    for (int i = dueUntil(fromUs); i < dueUntil(toUs); i++) {
      lateness.add(jobs.get(i), receivedUs.get(i));
    }
    return lateness;
  }
}
