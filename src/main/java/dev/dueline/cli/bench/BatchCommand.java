package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Loader;
import dev.dueline.cli.bench.option.AmountOptions;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.LoadOptions;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Jobs in batches. */
@Command(
    name = "batch",
    description =
        "Schedules jobs in batches, all of them due long after the run. The percentiles are those"
            + " of the calls.")
final class BatchCommand extends Scenario {
  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final AmountOptions amount = new AmountOptions();
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final LoadOptions load = new LoadOptions();

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Jobs, or a duration, before anything is measured: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  private Calls calls = new Calls();
  private long stored;

  BatchCommand(Console console, ConnectionOptions server) {
    super("batch", console, server);
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected void check() {
    amount.check();
  }

  @Override
  protected void run(Bench bench) throws InterruptedException {
    Amount measured = amount.amount();
    Loader loader = load.loader(bench);
    if (!warmUp.isNone()) {
      Jobs warmUpJobs = bench.cancelInTheEnd(job, job.jobs());
      loader.load("warm-up", warmUpJobs, warmUp, Backlog.farAhead());
    }
    Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
    calls = loader.load("batch", jobs, measured, Backlog.farAhead());
    stored = jobs.stored();
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .text("queue", job.queue())
        .count("payload_bytes", job.payloadBytes())
        .count("batch", load.batch())
        .count("concurrency", load.concurrency())
        .count("connections", options.connections())
        .count("jobs", stored)
        .count("calls", calls.succeeded())
        .number("seconds", calls.seconds())
        .number("jobs_per_second", stored / calls.seconds());
    calls.addTo(figures, "");
  }

  @Override
  protected List<String> complaints() {
    return calls.failures().complaints("calls or jobs");
  }
}
