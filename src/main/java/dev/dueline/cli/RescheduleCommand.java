package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Moves one job to another due time. */
@Command(
    name = "reschedule",
    description = "Moves a job that waits, or is dead, and prints: rescheduled, job id, due time.")
final class RescheduleCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1",
      paramLabel = "ID",
      converter = IdText.Reader.class,
      description = "The job's id.")
  private String jobId = "";

  @Mixin private final DueOptions due = new DueOptions();

  RescheduleCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    RescheduleRequest.Builder request =
        RescheduleRequest.newBuilder().setQueue(queue).setJobId(jobId);
    due.require();
    due.apply(request::setDelay, request::setDueTime);
    RescheduleResponse response = service.unary().reschedule(request.build());
    print(
        new Fields()
            .add("outcome", "rescheduled")
            .id("job_id", jobId)
            .time("due_time", response.getDueTime()));
    return ExitCode.DONE;
  }
}
