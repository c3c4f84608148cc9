package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Deliveries;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Lateness;
import dev.dueline.cli.bench.load.Phase;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.Limits;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.BacklogOptions;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.bench.run.SteadyJobs;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many jobs at once, and what that does to others. */
@Command(
    name = "burst",
    description = {
      "Schedules jobs that are all due in the same millisecond, for a watcher that is connected"
          + " already; in another queue jobs fall due at a steady rate for another watcher.",
      "steady_p50_ms and so on are the lateness of those that fell due while the burst drained,"
          + " which should be no worse than before_p50_ms and so on, those before it."
    })
final class BurstCommand extends Scenario {
  private static final double MICROS_PER_SECOND = 1e6;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final BacklogOptions watched = new BacklogOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Jobs of the burst: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Jobs of the other queue in each second: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Jobs of a smaller burst before anything is measured: ${DEFAULT-VALUE}.")
  private int warmUp;

  private Deliveries burst = new Deliveries();
  private Deliveries steady = new Deliveries();
  private Lateness burstLateness = new Lateness();
  private Lateness beforeLateness = new Lateness();
  private Lateness duringLateness = new Lateness();
  private long drainUs;

  BurstCommand(Console console, ConnectionOptions server) {
    super("burst", console, server);
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected void check() {
    Limits.positive("--jobs", count);
    Limits.within("--rate", rate, 1, SteadyJobs.MOST_RATE);
  }

  @Override
  protected void run(Bench bench) throws InterruptedException {
    Backlog backlog = watched.probe(bench, count);
    if (warmUp > 0) {
      burst(bench, backlog, warmUp);
    }
    burst(bench, backlog, count);
  }

  private void burst(Bench bench, Backlog backlog, int jobCount) throws InterruptedException {
    int otherCount = SteadyJobs.countFor(rate, backlog.estimate(jobCount));
    Jobs jobs = bench.cancelInTheEnd(watched.job(), watched.job().jobs());
    Jobs otherJobs =
        bench.cancelInTheEnd(watched.job(), watched.job().jobs(watched.job().queue() + "-steady"));
    SteadyJobs others = new SteadyJobs(rate, otherCount, backlog.firstDueUs(jobCount + otherCount));
    long dueUs = others.burstUs();
    backlog.load(jobs, jobCount, index -> dueUs);
    backlog.load(otherJobs, otherCount, others::dueUs);
    burst = new Deliveries();
    steady = new Deliveries();
    burstLateness = new Lateness();
    AckingWatch.Arrivals arrivals = (index, due, receivedUs) -> burstLateness.add(due, receivedUs);
    long drainedUs;
    try (AckingWatch watch = new AckingWatch(bench.connection(), jobs, burst, arrivals);
        AckingWatch other = new AckingWatch(bench.connection(), otherJobs, steady, others)) {
      watch.start(watched.maxOutstanding(), bench.timeout());
      other.start(watched.maxOutstanding(), bench.timeout());
      watch.await("draining", jobs.stored(), Backlog.nanoTime(dueUs), bench.timeout());
      drainedUs = burst.lastUs();
      bench.timeout().await(restOf(other, others, otherJobs, drainedUs));
    }
    // They would be in the way of the next burst's.
    bench.cancel(otherJobs);
    drainUs = drainedUs - dueUs;
    beforeLateness = others.between(others.dueUs(0), dueUs);
    duringLateness = others.between(dueUs, drainedUs);
    if (others.dueUs(otherCount) < drainedUs) {
      bench.note("the burst outlasted the jobs of the other queue");
    }
  }

  /** Those that fell due while the burst drained, and have yet to come. */
  private static Phase restOf(AckingWatch watch, SteadyJobs others, Jobs jobs, long drainedUs) {
    int due = others.dueUntil(drainedUs);
    return new Phase(
        "waiting for the other queue",
        () -> {
          watch.check();
          return others.hasCome(due);
        },
        jobs::acked);
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .text("queue", watched.job().queue())
        .count("payload_bytes", watched.job().payloadBytes())
        .count("max_outstanding", watched.maxOutstanding())
        .count("jobs", burstLateness.count())
        .number("drain_seconds", drainUs / MICROS_PER_SECOND)
        .number("jobs_per_second", burstLateness.count() * MICROS_PER_SECOND / drainUs);
    burstLateness.addTo(figures, "");
    burst.addTo(figures, "");
    figures.count("steady_rate", rate).count("before_jobs", beforeLateness.count());
    beforeLateness.addTo(figures, "before_");
    figures.count("steady_jobs", duringLateness.count());
    duringLateness.addTo(figures, "steady_");
    steady.addTo(figures, "steady_");
  }

  @Override
  protected List<String> complaints() {
    List<String> complaints = new ArrayList<>(burst.complaints());
    complaints.addAll(steady.complaints());
    return complaints;
  }
}
