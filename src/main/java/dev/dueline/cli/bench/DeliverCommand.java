package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.Deliveries;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A backlog through one watcher. */
@Command(
    name = "deliver",
    description = {
      "Schedules jobs that are all due at one instant, then watches with one stream and"
          + " acknowledges each message's jobs in one Ack.",
      "jobs_per_second runs from the first delivery to the answer to the last Ack."
    })
final class DeliverCommand implements Callable<Integer>, Scenario {
  private final Console console;
  private final ConnectionOptions server;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final WatchOptions watching = new WatchOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Jobs to deliver: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Jobs delivered before anything is measured: ${DEFAULT-VALUE}.")
  private int warmUp;

  private Deliveries deliveries = new Deliveries();
  private Calls loading = new Calls();
  private long acked;

  DeliverCommand(Console console, ConnectionOptions server) {
    this.console = console;
    this.server = server;
  }

  @Override
  public Integer call() throws InterruptedException {
    Limits.positive("--jobs", count);
    return new BenchRun(console, server, options).run("deliver", this);
  }

  @Override
  public void run(Bench bench) throws InterruptedException {
    Backlog backlog = new Backlog(bench, load, job, watching.lead());
    backlog.probe(count);
    Connection connection = bench.connection();
    if (warmUp > 0) {
      deliver(bench, backlog, connection, warmUp);
    }
    deliver(bench, backlog, connection, count);
  }

  private void deliver(Bench bench, Backlog backlog, Connection connection, int jobCount)
      throws InterruptedException {
    Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
    long dueUs = backlog.firstDueUs(jobCount);
    loading = backlog.load(jobs, jobCount, index -> dueUs);
    deliveries = new Deliveries();
    try (AckingWatch watch =
        new AckingWatch(connection, jobs, deliveries, (index, due, receivedUs) -> {})) {
      watch.start(watching.maxOutstanding(), bench.patience());
      watch.await("delivering", jobs.stored(), Backlog.nanoTime(dueUs), bench.patience());
    }
    acked = jobs.acked();
  }

  @Override
  public void addTo(Figures figures) {
    figures
        .text("queue", job.queue())
        .count("payload_bytes", job.payloadBytes())
        .count("max_outstanding", watching.maxOutstanding())
        .count("jobs", acked)
        .number("seconds", deliveries.seconds())
        .number("jobs_per_second", acked / deliveries.seconds())
        .number("load_seconds", loading.seconds())
        .number("load_jobs_per_second", acked / loading.seconds());
    deliveries.addTo(figures, "");
  }

  @Override
  public List<String> complaints() {
    return deliveries.complaints();
  }
}
