package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.cli.text.Words;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.QueueStats;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes the jobs of a queue in one state. */
@Command(
    name = "purge",
    description = {
      "Deletes the jobs of a queue in one state; prints as it goes: purged, deleted, left.",
      "Can be interrupted, and repeated. What comes in meanwhile is not chased."
    })
final class PurgeCommand extends ServiceCommand {
  private static final Words<PurgeState> STATES = Words.of(PurgeState.class);

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(
      names = "--state",
      required = true,
      paramLabel = "STATE",
      description = "pending or dead.")
  private PurgeState state = PurgeState.PURGE_STATE_UNSPECIFIED;

  @Option(names = "--yes", description = "Does it; without, says how many jobs would go.")
  private boolean yes;

  PurgeCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    if (!yes) {
      throw new UsageException(
          "this deletes " + count(service) + " " + STATES.format(state) + " jobs: add --yes");
    }
    PurgeQueueRequest request =
        PurgeQueueRequest.newBuilder().setQueue(queue).setState(state).build();
    Iterator<PurgeQueueResponse> progress = service.longQueues().purgeQueue(request);
    while (progress.hasNext()) {
      PurgeQueueResponse now = progress.next();
      print(
          new Fields()
              .add("outcome", "purged")
              .add("purged_jobs", now.getPurgedJobs())
              .add("remaining_jobs", now.getRemainingJobs()));
      console().out().flush();
    }
    return ExitCode.DONE;
  }

  private long count(Connection service) {
    GetQueueRequest request = GetQueueRequest.newBuilder().setQueue(queue).build();
    QueueStats stats = service.queues().getQueue(request).getQueue().getStats();
    return state == PurgeState.PURGE_STATE_DEAD ? stats.getDeadJobs() : stats.getPendingJobs();
  }
}
