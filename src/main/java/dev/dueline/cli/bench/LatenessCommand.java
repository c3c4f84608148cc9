package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Deliveries;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Lateness;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.Limits;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.BacklogOptions;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How late jobs are at a steady rate. */
@Command(
    name = "lateness",
    description = {
      "Schedules jobs with evenly spaced due times, all of them beforehand, then watches.",
      "p50_ms and so on: when this machine has the job, less its due time; the clocks of this"
          + " machine and of Redis must agree. dispatch_p50_ms and so on: by Redis's clock alone."
    })
final class LatenessCommand extends Scenario {
  private static final int MOST_RATE = 1_000_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final double MILLIS_PER_SECOND = 1e3;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final BacklogOptions watched = new BacklogOptions();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500",
      description = "Jobs that fall due in each second: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "Jobs fall due for so long: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Jobs, or a duration, at the same rate before them: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  private final Deliveries deliveries = new Deliveries();
  private final Lateness lateness = new Lateness();

  LatenessCommand(Console console, ConnectionOptions server) {
    super("lateness", console, server);
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected void check() {
    Limits.within("--rate", rate, 1, MOST_RATE);
    Limits.positive("--duration in jobs", jobsIn(duration));
  }

  @Override
  protected void run(Bench bench) throws InterruptedException {
    long before = warmUp.count() == Long.MAX_VALUE ? jobsIn(warmUp.duration()) : warmUp.count();
    long count = before + jobsIn(duration);
    Backlog backlog = watched.probe(bench, count);
    Jobs jobs = bench.cancelInTheEnd(watched.job(), watched.job().jobs());
    long firstUs = backlog.firstDueUs(count);
    LongUnaryOperator dueUs = index -> firstUs + index * MICROS_PER_SECOND / rate;
    backlog.load(jobs, count, dueUs);
    AckingWatch.Arrivals arrivals =
        (index, due, receivedUs) -> {
          if (index >= before) {
            lateness.add(due, receivedUs);
          }
        };
    try (AckingWatch watch = new AckingWatch(bench.connection(), jobs, deliveries, arrivals)) {
      watch.start(watched.maxOutstanding(), bench.timeout());
      long lastNanos = Backlog.nanoTime(dueUs.applyAsLong(count));
      watch.await("delivering", jobs.stored(), lastNanos, bench.timeout());
    }
  }

  private long jobsIn(Duration time) {
    return (long) (time.toMillis() / MILLIS_PER_SECOND * rate);
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .text("queue", watched.job().queue())
        .count("payload_bytes", watched.job().payloadBytes())
        .count("max_outstanding", watched.maxOutstanding())
        .count("rate", rate)
        .count("jobs", lateness.count());
    lateness.addTo(figures, "");
    deliveries.addTo(figures, "");
  }

  @Override
  protected List<String> complaints() {
    return deliveries.complaints();
  }
}
