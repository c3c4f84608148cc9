package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.bench.option.Limits;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.LoadOptions;
import dev.dueline.cli.bench.run.MetricsPage;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a pending job takes in Redis. */
@Command(
    name = "memory",
    description = {
      "Schedules jobs due long after the run, and reads from the service's metrics page what Redis"
          + " uses before and after. Nobody else may use the service.",
      "overhead_bytes_per_job is what a job takes beyond its payload; its id has 16 characters."
    })
final class MemoryCommand extends Scenario {
  private final ConnectionOptions server;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final LoadOptions load = new LoadOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Jobs to schedule: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--metrics-url",
      paramLabel = "URL",
      defaultValue = "http://localhost:9090/q/metrics",
      description = "Where the gauge " + MetricsPage.USED_MEMORY + " is: ${DEFAULT-VALUE}.")
  private URI metricsUrl = URI.create("http://localhost:9090/q/metrics");

  @Option(
      names = "--metrics-interval",
      paramLabel = "DURATION",
      defaultValue = "1s",
      description = "Between two reads, of which two must agree: ${DEFAULT-VALUE}.")
  private Duration interval = Duration.ofSeconds(1);

  private Calls loading = new Calls();
  private long stored;
  private double before;
  private double after;

  MemoryCommand(Console console, ConnectionOptions server) {
    super("memory", console, server);
    this.server = server;
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected void check() {
    Limits.positive("--jobs", count);
  }

  @Override
  protected void run(Bench bench) throws InterruptedException {
    MetricsPage page = new MetricsPage(metricsUrl, interval, server.timeout());
    before = page.settledMemory();
    Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
    loading = load.loader(bench).load("loading", jobs, Amount.of(count), Backlog.farAhead());
    stored = jobs.stored();
    after = page.settledMemory();
  }

  @Override
  protected void addTo(Figures figures) {
    double perJob = (after - before) / stored;
    figures
        .text("queue", job.queue())
        .count("payload_bytes", job.payloadBytes())
        .count("jobs", stored)
        .number("used_before_bytes", before)
        .number("used_after_bytes", after)
        .number("bytes_per_job", perJob)
        .number("overhead_bytes_per_job", perJob - job.payloadBytes())
        .number("load_seconds", loading.seconds())
        .number("load_jobs_per_second", stored / loading.seconds());
    loading.failures().addTo(figures, "");
  }

  @Override
  protected List<String> complaints() {
    return loading.failures().complaints("calls or jobs");
  }
}
