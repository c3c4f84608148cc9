package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.DeleteQueueRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a queue. */
@Command(
    name = "delete",
    description = {
      "Deletes a queue that is empty, with its settings and counters; prints: deleted, jobs.",
      "Its watchers stay connected, and get the jobs of a queue of the same name."
    })
final class DeleteCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(
      names = "--force",
      description = "Also if it is not empty: its jobs go with it, leased and dead ones too.")
  private boolean force;

  DeleteCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    DeleteQueueRequest request =
        DeleteQueueRequest.newBuilder().setQueue(queue).setForce(force).build();
    print(
        new Fields()
            .add("outcome", "deleted")
            .add("deleted_jobs", service.queues().deleteQueue(request).getDeletedJobs()));
    return ExitCode.DONE;
  }
}
