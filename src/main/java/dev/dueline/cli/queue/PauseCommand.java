package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.PauseQueueRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops delivery from queues on every replica; jobs can still be scheduled. */
@Command(
    name = "pause",
    description = "Stops delivery from queues on every replica; jobs can still be scheduled.")
final class PauseCommand extends ServiceCommand {
  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queues.")
  private List<String> queues = new ArrayList<>();

  PauseCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    for (String queue : queues) {
      var unused =
          service.queues().pauseQueue(PauseQueueRequest.newBuilder().setQueue(queue).build());
      print(new Fields().add("outcome", "paused").id("queue", queue));
    }
    return ExitCode.DONE;
  }
}
