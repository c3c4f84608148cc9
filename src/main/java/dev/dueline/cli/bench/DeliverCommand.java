package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.Deliveries;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.Limits;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.BacklogOptions;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import java.util.List;
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
final class DeliverCommand extends Scenario {
  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final BacklogOptions watched = new BacklogOptions();

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
    super("deliver", console, server);
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
    Backlog backlog = watched.probe(bench, count);
    Connection connection = bench.connection();
    if (warmUp > 0) {
      deliver(bench, backlog, connection, warmUp);
    }
    deliver(bench, backlog, connection, count);
  }

  private void deliver(Bench bench, Backlog backlog, Connection connection, int jobCount)
      throws InterruptedException {
    Jobs jobs = bench.cancelInTheEnd(watched.job(), watched.job().jobs());
    long dueUs = backlog.firstDueUs(jobCount);
    loading = backlog.load(jobs, jobCount, index -> dueUs);
    deliveries = new Deliveries();
    try (AckingWatch watch =
        new AckingWatch(connection, jobs, deliveries, (index, due, receivedUs) -> {})) {
      watch.start(watched.maxOutstanding(), bench.timeout());
      watch.await("delivering", jobs.stored(), Backlog.nanoTime(dueUs), bench.timeout());
    }
    acked = jobs.acked();
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .text("queue", watched.job().queue())
        .count("payload_bytes", watched.job().payloadBytes())
        .count("max_outstanding", watched.maxOutstanding())
        .count("jobs", acked)
        .number("seconds", deliveries.seconds())
        .number("jobs_per_second", acked / deliveries.seconds())
        .number("load_seconds", loading.seconds())
        .number("load_jobs_per_second", acked / loading.seconds());
    deliveries.addTo(figures, "");
  }

  @Override
  protected List<String> complaints() {
    return deliveries.complaints();
  }
}
