package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Answer;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Single jobs. */
@Command(
    name = "schedule",
    description = "Schedules one job a call, all of them due long after the run.")
final class ScheduleCommand implements Callable<Integer>, Scenario {
  private final Console console;
  private final ConnectionOptions server;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final AmountOptions amount = new AmountOptions();
  @Mixin private final JobOptions job = new JobOptions();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "64",
      description = "Calls outstanding: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Jobs, or a duration, before anything is measured: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  private Calls calls = new Calls();

  ScheduleCommand(Console console, ConnectionOptions server) {
    this.console = console;
    this.server = server;
  }

  @Override
  public Integer call() throws InterruptedException {
    amount.check();
    return new BenchRun(console, server, options).run("schedule", this);
  }

  @Override
  public void run(Bench bench) throws InterruptedException {
    Amount measured = amount.amount();
    ClosedLoop loop = bench.loop(concurrency);
    Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
    if (!warmUp.isNone()) {
      schedule("warm-up", loop, jobs, warmUp);
    }
    calls = schedule("schedule", loop, jobs, measured);
  }

  private static Calls schedule(String name, ClosedLoop loop, Jobs jobs, Amount amount)
      throws InterruptedException {
    Calls calls = new Calls();
    Budget budget = new Budget(amount);
    ScheduleRequest request = jobs.dueAt(Backlog.farAhead());
    loop.run(
        name,
        budget,
        calls,
        (connection, whenOver) -> {
          Answer<ScheduleResponse> answer = new Answer<>(calls, response -> {}, whenOver);
          return () -> {
            boolean isMore = budget.take(1) > 0;
            if (isMore) {
              ScheduleRequest one = jobs.named(request, jobs.take(1));
              connection.streaming().schedule(one, answer.begin());
            }
            return isMore;
          };
        });
    return calls;
  }

  @Override
  public void addTo(Figures figures) {
    figures
        .text("queue", job.queue())
        .count("payload_bytes", job.payloadBytes())
        .count("concurrency", Limits.concurrency(concurrency))
        .count("connections", options.connections())
        .count("jobs", calls.succeeded())
        .number("seconds", calls.seconds())
        .number("jobs_per_second", calls.succeeded() / calls.seconds());
    calls.addTo(figures, "");
  }

  @Override
  public List<String> complaints() {
    return calls.failures().complaints("calls");
  }
}
