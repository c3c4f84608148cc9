package dev.dueline.cli.bench.load;

import dev.dueline.cli.bench.report.Distribution;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.v1.DueJob;
import java.util.concurrent.atomic.LongAdder;

/**
 * How late jobs were: when this machine had them less their due time, which is right only as far as
 * its clock agrees with Redis's, and when Redis leased them less their due time, which is right
 * always.
 */
public final class Lateness {
  private final Distribution received = new Distribution();
  private final Distribution dispatched = new Distribution();
  private final LongAdder early = new LongAdder();

  /** Adds a job that came at this time, µs. */
  public void add(DueJob job, long receivedUs) {
    long dueUs = WallClock.us(job.getDueTime());
    received.add(receivedUs - dueUs);
    dispatched.add(WallClock.us(job.getDispatchTime()) - dueUs);
    if (receivedUs < dueUs) {
      early.increment();
    }
  }

  /** Jobs. */
  public long count() {
    return received.count();
  }

  /** Adds the percentiles and the jobs that came early by this machine, each after the prefix. */
  public void addTo(Figures figures, String prefix) {
    received.addTo(figures, prefix);
    dispatched.addTo(figures, prefix + "dispatch_");
    figures.count(prefix + "received_early", early.sum());
  }
}
