package dev.dueline.cli.bench.load;

import dev.dueline.cli.bench.report.Figures;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What came of one watch: how long it took, its Ack calls, and what should not be: jobs that came
 * twice, too early by the service's own word, with a lease that was lost, or from somebody else.
 */
public final class Deliveries {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Calls acks = new Calls();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong early = new AtomicLong();
  private final AtomicLong foreign = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong firstNanos = new AtomicLong();
  private volatile long lastNanos;
  private volatile long lastUs;

  /** Counts a job that came; whether it is one of these, for the first time. */
  boolean came(Jobs jobs, long index, DueJob job) {
    if (firstNanos.get() == 0) {
      firstNanos.compareAndSet(0, System.nanoTime());
    }
    if (WallClock.us(job.getDispatchTime()) < WallClock.us(job.getDueTime())) {
      early.incrementAndGet();
    }
    if (index < 0) {
      foreign.incrementAndGet();
      return false;
    }
    boolean isFirst = jobs.markDelivered(index);
    if (!isFirst) {
      duplicates.incrementAndGet();
    }
    return isFirst;
  }

  /** Counts the answer to an Ack of the jobs of these numbers. */
  void acked(Jobs jobs, long[] indexes, AckResponse response) {
    // Before the last job counts as done, so that whoever sees that sees its time.
    lastNanos = System.nanoTime();
    lastUs = WallClock.nowUs();
    for (int i = 0; i < indexes.length; i++) {
      boolean isOk =
          i < response.getOutcomesCount()
              && response.getOutcomes(i) == LeaseOutcome.LEASE_OUTCOME_OK;
      if (!isOk) {
        lost.incrementAndGet();
      } else if (indexes[i] >= 0) {
        jobs.markAcked(indexes[i]);
      }
    }
  }

  /** The Ack calls. */
  public Calls acks() {
    return acks;
  }

  /** From the first job to the answer to the last Ack. */
  public double seconds() {
    return Math.max(0, lastNanos - firstNanos.get()) / NANOS_PER_SECOND;
  }

  /** When the last Ack was answered, by this machine's clock, µs. */
  public long lastUs() {
    return lastUs;
  }

  /** Adds the counts of what should not be, and the Ack calls, each after the prefix. */
  public void addTo(Figures figures, String prefix) {
    figures
        .count(prefix + "duplicates", duplicates.get())
        .count(prefix + "early", early.get())
        .count(prefix + "lost", lost.get())
        .count(prefix + "foreign", foreign.get());
    acks.addTo(figures, prefix + "ack_");
  }

  /** A line if a promise was broken: a job was early. */
  public List<String> complaints() {
    return early.get() == 0
        ? acks.failures().complaints("Ack calls")
        : List.of(early.get() + " jobs were delivered before their due time");
  }
}
