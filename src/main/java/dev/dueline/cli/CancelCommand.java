package dev.dueline.cli;

import dev.dueline.cli.remote.Batches;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Words;
import dev.dueline.client.Connection;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes jobs back. */
@Command(
    name = "cancel",
    description =
        "Cancels jobs and prints of each: outcome, job id. Fails unless all are canceled.")
final class CancelCommand extends ServiceCommand {
  private static final Words<CancelOutcome> OUTCOMES = Words.of(CancelOutcome.class);

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "ID",
      converter = IdText.Reader.class,
      description = "The jobs' ids.")
  private List<String> jobIds = new ArrayList<>();

  @Option(names = "--leased", description = "Also takes jobs from watchers that hold them.")
  private boolean leased;

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "Names this request: given again within ten minutes, it prints 'canceled' of each job"
              + " that it canceled, and cancels no later one.")
  private String requestId = "";

  CancelCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    boolean allCanceled = true;
    for (List<String> batch : Batches.of(jobIds)) {
      BatchCancelRequest.Builder request = BatchCancelRequest.newBuilder();
      batch.forEach(id -> request.addRequests(one(id)));
      List<CancelOutcome> outcomes = service.unary().batchCancel(request.build()).getOutcomesList();
      for (int i = 0; i < batch.size(); i++) {
        print(
            new Fields()
                .add("outcome", OUTCOMES.format(outcomes.get(i)))
                .id("job_id", batch.get(i)));
        allCanceled &= outcomes.get(i) == CancelOutcome.CANCEL_OUTCOME_CANCELED;
      }
    }
    return allCanceled ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private CancelRequest one(String jobId) {
    return CancelRequest.newBuilder()
        .setQueue(queue)
        .setJobId(jobId)
        .setCancelLeased(leased)
        .setRequestId(requestId)
        .build();
  }
}
