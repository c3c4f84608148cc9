package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Answer;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.CallOptions;
import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.run.Backlog;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.CallScenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Single jobs. */
@Command(
    name = "schedule",
    description = "Schedules one job a call, all of them due long after the run.")
final class ScheduleCommand extends CallScenario {
  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final CallOptions load = new CallOptions();

  ScheduleCommand(Console console, ConnectionOptions server) {
    super("schedule", console, server);
  }

  @Override
  protected ClosedLoop.Scripts scripts(Bench bench, Budget budget, Calls counted) {
    Jobs jobs = bench.cancelInTheEnd(job, job.jobs());
    ScheduleRequest request = jobs.dueAt(Backlog.farAhead());
    return (connection, whenOver) -> {
      Answer<ScheduleResponse> answer = new Answer<>(counted, response -> {}, whenOver);
      return () -> {
        boolean isMore = budget.take(1) > 0;
        if (isMore) {
          ScheduleRequest one = jobs.named(request, jobs.take(1));
          connection.streaming().schedule(one, answer.begin());
        }
        return isMore;
      };
    };
  }

  @Override
  protected void addTo(Figures figures) {
    figures.text("queue", job.queue()).count("payload_bytes", job.payloadBytes());
    super.addTo(figures);
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected CallOptions load() {
    return load;
  }

  @Override
  protected String unit() {
    return "jobs";
  }
}
