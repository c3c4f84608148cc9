package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads one job. */
@Command(name = "get", description = "Prints one job, a line a field: name, value.")
final class GetCommand extends ServiceCommand {
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

  GetCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    GetJobRequest request = GetJobRequest.newBuilder().setQueue(queue).setJobId(jobId).build();
    printEach(JobFields.of(service.unary().getJob(request).getJob()));
    return ExitCode.DONE;
  }
}
