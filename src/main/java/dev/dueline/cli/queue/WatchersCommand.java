package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.Connection;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.Watcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists who watches a queue, page after page. */
@Command(
    name = "watchers",
    description = {
      "Prints who watches a queue, a line each: watcher id, replica, since, jobs that it has, at",
      "most, jobs that it takes now, last acted, state: takes, passed-over or leaving."
    })
final class WatchersCommand extends ServiceCommand {
  private static final int PAGE = 100;
  private static final String NEVER = "-";

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(names = "--limit", paramLabel = "N", description = "Lists no more watchers than this.")
  private long limit = Long.MAX_VALUE;

  WatchersCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    ListWatchersRequest.Builder request = ListWatchersRequest.newBuilder().setQueue(queue);
    long left = limit;
    // A reader that has gone, as in "watchers … | head", ends it too.
    while (left > 0 && !console().out().checkError()) {
      request.setPageSize((int) Math.min(left, PAGE));
      ListWatchersResponse page = service.queues().listWatchers(request.build());
      page.getWatchersList().stream().map(WatchersCommand::fields).forEach(this::print);
      page.getUnansweredReplicasList()
          .forEach(replica -> console().note("no answer from replica " + replica));
      left -= page.getWatchersCount();
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      request.setPageToken(page.getNextPageToken());
    }
    return ExitCode.DONE;
  }

  private static Fields fields(Watcher watcher) {
    Fields fields =
        new Fields()
            .id("watcher_id", watcher.getWatcherId())
            .add("replica", watcher.getReplica())
            .time("connect_time", watcher.getConnectTime())
            .add("outstanding_jobs", watcher.getOutstandingJobs())
            .add("max_outstanding_jobs", watcher.getMaxOutstandingJobs())
            .add("credit", watcher.getCredit());
    return watcher.hasLastActTime()
        ? fields.time("last_act_time", watcher.getLastActTime()).add("state", state(watcher))
        : fields.add("last_act_time", NEVER).add("state", state(watcher));
  }

  private static String state(Watcher watcher) {
    if (watcher.getLeaving()) {
      return "leaving";
    }
    return watcher.getPassedOver() ? "passed-over" : "takes";
  }
}
