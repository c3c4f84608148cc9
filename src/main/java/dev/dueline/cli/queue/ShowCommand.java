package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetQueueRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads one queue. */
@Command(name = "show", description = "Prints one queue, a line a field: name, value.")
final class ShowCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  ShowCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    GetQueueRequest request = GetQueueRequest.newBuilder().setQueue(queue).build();
    printEach(QueueFields.of(service.queues().getQueue(request).getQueue()));
    return ExitCode.DONE;
  }
}
