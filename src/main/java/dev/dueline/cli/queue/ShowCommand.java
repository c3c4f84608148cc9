package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetQueueRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads one queue. */
@Command(name = "show", description = "Prints one queue, a line a field: name, value.")
final class ShowCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connection;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  ShowCommand(Console console, ConnectionOptions connection) {
    this.console = console;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    GetQueueRequest request = GetQueueRequest.newBuilder().setQueue(queue).build();
    try (Connection service = connection.open()) {
      QueueFields.of(service.queues().getQueue(request).getQueue()).forEach(console.out()::println);
    }
    return ExitCode.DONE;
  }
}
