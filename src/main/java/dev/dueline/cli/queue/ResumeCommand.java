package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.ResumeQueueRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes delivery from paused queues up again. */
@Command(name = "resume", description = "Takes delivery from paused queues up again.")
final class ResumeCommand extends ServiceCommand {
  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queues.")
  private List<String> queues = new ArrayList<>();

  ResumeCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    for (String queue : queues) {
      var unused =
          service.queues().resumeQueue(ResumeQueueRequest.newBuilder().setQueue(queue).build());
      print(new Fields().add("outcome", "resumed").id("queue", queue));
    }
    return ExitCode.DONE;
  }
}
