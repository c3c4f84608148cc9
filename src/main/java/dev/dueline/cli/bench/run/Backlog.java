package dev.dueline.cli.bench.run;

import com.google.protobuf.Timestamp;
import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Loader;
import dev.dueline.cli.bench.load.WallClock;
import dev.dueline.cli.bench.option.JobOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Schedules jobs ahead of their due times, which must lie beyond the end of the loading: how far is
 * estimated from how fast a few jobs can be scheduled and canceled.
 */
public final class Backlog {
  /** Jobs of the first probe, which is cold, and of the second, which counts. */
  private static final long[] PROBES = {2_000, 5_000};

  /** How much slower than the probe the loading may be. */
  private static final double MARGIN = 1.5;

  /** Time for what is not proportional to the jobs. */
  private static final long LEAST_LEAD_US = 1_000_000;

  private static final Duration FAR = Duration.ofDays(1);
  private static final long MICROS_PER_MILLI = 1_000;
  private static final double MICROS_PER_SECOND = 1e6;

  private final Bench bench;
  private final Loader loader;
  private final JobOptions job;
  private final @Nullable Duration lead;
  private double probedPerSecond;

  /**
   * A backlog.
   *
   * @param lead from the beginning of the loading to the first due time; null: estimated
   */
  public Backlog(Bench bench, LoadOptions load, JobOptions job, @Nullable Duration lead) {
    this.bench = bench;
    this.loader = load.loader(bench);
    this.job = job;
    this.lead = lead;
  }

  /** Later than the end of any run. */
  public static Timestamp farAhead() {
    return WallClock.timestamp(WallClock.nowUs() + FAR.toNanos() / MICROS_PER_MILLI);
  }

  /** Finds out how fast this goes, with no more jobs than there will be. */
  public void probe(long mostJobs) throws InterruptedException {
    for (long count : PROBES) {
      Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
      Calls calls = loader.load("probing", jobs, Amount.of(Math.min(count, mostJobs)), farAhead());
      calls.failures().rethrow();
      probedPerSecond = jobs.stored() / calls.seconds();
      bench.cancel(jobs);
    }
  }

  /** A first due time, a full millisecond, for so many jobs whose loading begins now; µs. */
  public long firstDueUs(long count) {
    long leadUs =
        lead == null
            ? LEAST_LEAD_US + (long) (MARGIN * count * MICROS_PER_SECOND / probedPerSecond)
            : lead.toNanos() / MICROS_PER_MILLI;
    return ((WallClock.nowUs() + leadUs) / MICROS_PER_MILLI + 1) * MICROS_PER_MILLI;
  }

  /** How long the probe says that so many jobs take. */
  public Duration estimate(long count) {
    return Duration.ofMillis((long) (count * 1_000 / probedPerSecond));
  }

  /**
   * Schedules jobs.
   *
   * @param dueUs the due time of a job by its number
   * @throws UnusableRunException when it ended after the first due time
   */
  public Calls load(Jobs jobs, long count, LongUnaryOperator dueUs) throws InterruptedException {
    long begin = WallClock.nowUs();
    Calls calls =
        loader.load(
            "loading",
            jobs,
            Amount.of(count),
            index -> jobs.dueAt(WallClock.timestamp(dueUs.applyAsLong(index))));
    calls.failures().rethrow();
    long overrunUs = WallClock.nowUs() - dueUs.applyAsLong(0);
    if (overrunUs > 0) {
      throw new UnusableRunException(
          String.format(
              Locale.ROOT,
              "loading took %,d ms and ended %,d ms after the first due time, so nothing was"
                  + " measured; give a longer --lead",
              (WallClock.nowUs() - begin) / MICROS_PER_MILLI,
              overrunUs / MICROS_PER_MILLI));
    }
    return calls;
  }

  /** The {@link System#nanoTime} of a wall-clock time. */
  public static long nanoTime(long us) {
    return System.nanoTime() + (us - WallClock.nowUs()) * MICROS_PER_MILLI;
  }
}
