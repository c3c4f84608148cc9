package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.AckingWatch;
import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Deliveries;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Lateness;
import dev.dueline.cli.bench.load.Phase;
import dev.dueline.cli.bench.option.AmountOptions;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.bench.option.MixOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.MixedCalls;
import dev.dueline.cli.bench.run.Scenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Everything at once, and every job accounted for. */
@Command(
    name = "mixed",
    description = {
      "Schedules jobs with short random delays, cancels some of them, watches and acknowledges,"
          + " all at once.",
      "Fails unless in the end every job scheduled was either acknowledged or canceled."
    })
final class MixedCommand extends Scenario {
  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final AmountOptions amount = new AmountOptions();
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final MixOptions mix = new MixOptions();

  private Jobs jobs = new Jobs("", 0);
  private MixedCalls calls = new MixedCalls(jobs, 0, 0);
  private Deliveries deliveries = new Deliveries();
  private Lateness lateness = new Lateness();
  private long stored;
  private long acked;
  private long canceled;
  private long missing;
  private long contradictions;

  MixedCommand(Console console, ConnectionOptions server) {
    super("mixed", console, server);
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
    Connection connection = bench.connection();
    if (!mix.warmUp().isNone()) {
      mix(bench, connection, "warm-up", mix.warmUp());
    }
    if (complaints().isEmpty()) {
      mix(bench, connection, "mixed", measured);
    }
  }

  private void mix(Bench bench, Connection connection, String name, Amount much)
      throws InterruptedException {
    jobs = bench.cancelInTheEnd(job, job.jobs());
    deliveries = new Deliveries();
    lateness = new Lateness();
    AckingWatch.Arrivals arrivals = (index, due, receivedUs) -> lateness.add(due, receivedUs);
    try (AckingWatch watch = new AckingWatch(connection, jobs, deliveries, arrivals)) {
      watch.start(mix.maxOutstanding(), bench.timeout());
      calls = new MixedCalls(jobs, mix.maxDelayMs(), mix.cancelPercent());
      calls.run(name, bench.loop(mix.concurrency()), new Budget(much));
      settle(bench, watch);
    }
    stored = jobs.stored();
    acked = jobs.acked();
    canceled = jobs.canceled();
    missing = jobs.missing();
    contradictions = jobs.contradictions();
  }

  private void settle(Bench bench, AckingWatch watch) throws InterruptedException {
    Phase phase =
        new Phase(
            "waiting for the rest",
            () -> {
              watch.check();
              return jobs.acked() + jobs.canceled() >= jobs.stored() && jobs.missing() == 0;
            },
            jobs::acked,
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mix.maxDelayMs()));
    try {
      bench.timeout().await(phase);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
        throw e;
      }
      // The figures say how many did not come.
    }
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .text("queue", job.queue())
        .count("payload_bytes", job.payloadBytes())
        .count("concurrency", mix.concurrency())
        .count("connections", options.connections())
        .count("max_outstanding", mix.maxOutstanding())
        .count("cancel_percent", mix.cancelPercent())
        .count("max_delay_ms", mix.maxDelayMs())
        .count("scheduled", stored)
        .count("acked", acked)
        .count("canceled", canceled)
        .count("missing", missing)
        .count("acked_and_canceled", contradictions)
        .number("seconds", calls.seconds())
        .number("scheduled_per_second", stored / calls.seconds())
        .number("canceled_per_second", canceled / calls.seconds())
        .number("acked_per_second", acked / deliveries.seconds());
    lateness.addTo(figures, "");
    calls.addTo(figures);
    deliveries.addTo(figures, "");
  }

  @Override
  protected List<String> complaints() {
    List<String> complaints = new ArrayList<>(calls.complaints());
    complaints.addAll(deliveries.complaints());
    if (missing > 0) {
      complaints.add(missing + " jobs were neither acknowledged nor canceled");
    }
    if (contradictions > 0) {
      complaints.add(contradictions + " jobs were both acknowledged and canceled");
    }
    return complaints;
  }
}
