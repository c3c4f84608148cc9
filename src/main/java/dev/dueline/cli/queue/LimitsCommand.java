package dev.dueline.cli.queue;

import com.google.protobuf.FieldMask;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.SetQueueLimitsRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and sets the limits of a queue. */
@Command(
    name = "limits",
    description = {
      "Sets limits of a queue over all replicas, and prints those in force, a line each.",
      "What is not named keeps its value; 0 takes a limit away."
    })
final class LimitsCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(names = "--rate", paramLabel = "N", description = "Deliveries a second.")
  private @Nullable Double rate;

  @Option(names = "--outstanding", paramLabel = "N", description = "Leases out at once.")
  private @Nullable Integer outstanding;

  @Option(names = "--pending", paramLabel = "N", description = "Pending jobs.")
  private @Nullable Long pending;

  @Option(names = "--none", description = "Takes all limits away.")
  private boolean none;

  LimitsCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    boolean isNamed = rate != null || outstanding != null || pending != null;
    if (none && isNamed) {
      throw new UsageException("--none takes all limits away: name none beside it");
    }
    QueueLimits limits;
    if (none || isNamed) {
      limits = service.queues().setQueueLimits(request()).getQueue().getLimits();
    } else {
      GetQueueRequest request = GetQueueRequest.newBuilder().setQueue(queue).build();
      limits = service.queues().getQueue(request).getQueue().getLimits();
    }
    printEach(QueueFields.of(limits));
    return ExitCode.DONE;
  }

  /** A request whose mask names what the options do; without a mask it takes all away. */
  private SetQueueLimitsRequest request() {
    QueueLimits.Builder limits = QueueLimits.newBuilder();
    FieldMask.Builder mask = FieldMask.newBuilder();
    if (rate != null) {
      limits.setMaxDispatchesPerSecond(rate);
      mask.addPaths("max_dispatches_per_second");
    }
    if (outstanding != null) {
      limits.setMaxOutstandingJobs(outstanding);
      mask.addPaths("max_outstanding_jobs");
    }
    if (pending != null) {
      limits.setMaxPendingJobs(pending);
      mask.addPaths("max_pending_jobs");
    }
    return SetQueueLimitsRequest.newBuilder()
        .setQueue(queue)
        .setLimits(limits)
        .setUpdateMask(mask)
        .build();
  }
}
