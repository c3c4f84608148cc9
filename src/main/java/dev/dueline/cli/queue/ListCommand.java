package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.Queue;
import dev.dueline.v1.UnreadableQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists queues, page after page. */
@Command(
    name = "list",
    description =
        "Prints queues by name, a line each: name, pending, due, leased, dead, watchers, state.")
final class ListCommand extends ServiceCommand {
  private static final int PAGE = 100;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      converter = IdText.Reader.class,
      description = "Lists those whose names begin so.")
  private String prefix = "";

  @Option(names = "--limit", paramLabel = "N", description = "Lists no more queues than this.")
  private long limit = Long.MAX_VALUE;

  ListCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    ListQueuesRequest.Builder request = ListQueuesRequest.newBuilder().setNamePrefix(prefix);
    long left = limit;
    // A reader that has gone, as in "list … | head", ends it too.
    while (left > 0 && !console().out().checkError()) {
      request.setPageSize((int) Math.min(left, PAGE));
      ListQueuesResponse page = service.queues().listQueues(request.build());
      page.getQueuesList().forEach(this::print);
      page.getUnreadableQueuesList().forEach(this::warn);
      left -= page.getQueuesCount();
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      request.setPageToken(page.getNextPageToken());
    }
    return ExitCode.DONE;
  }

  private void warn(UnreadableQueue queue) {
    console().note(IdText.format(queue.getName()) + ": " + queue.getError().getMessage());
  }

  private void print(Queue queue) {
    Fields fields =
        new Fields()
            .id("name", queue.getName())
            .add("pending_jobs", queue.getStats().getPendingJobs())
            .add("due_jobs", queue.getStats().getDueJobs())
            .add("leased_jobs", queue.getStats().getLeasedJobs())
            .add("dead_jobs", queue.getStats().getDeadJobs())
            .add("watchers", queue.getStats().getWatchers())
            .add("state", queue.getPaused() ? "paused" : "active");
    print(isJson() ? QueueFields.of(queue) : fields);
  }
}
