package dev.dueline.cli.queue;

import dev.dueline.cli.remote.Batches;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.client.Connection;
import dev.dueline.v1.RedriveDeadJobsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes dead jobs due again. */
@Command(
    name = "redrive",
    description =
        "Makes dead jobs due again, with their attempts forgotten; prints: redriven, jobs.")
final class RedriveCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      converter = IdText.Reader.class,
      description = "The jobs' ids. None: all that are dead.")
  private List<String> jobIds = new ArrayList<>();

  @Option(
      names = "--spread",
      paramLabel = "DURATION",
      description = "Over which time they fall due, evenly. Unset: all at once.")
  private @Nullable Duration spread;

  RedriveCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    long redriven = 0;
    for (List<String> batch : jobIds.isEmpty() ? List.of(jobIds) : Batches.of(jobIds)) {
      RedriveDeadJobsRequest.Builder request =
          RedriveDeadJobsRequest.newBuilder().setQueue(queue).addAllJobIds(batch);
      if (spread != null) {
        request.setSpread(TimeText.toProto(spread));
      }
      redriven += service.longQueues().redriveDeadJobs(request.build()).getRedrivenJobs();
    }
    print(new Fields().add("outcome", "redriven").add("redriven_jobs", redriven));
    return ExitCode.DONE;
  }
}
