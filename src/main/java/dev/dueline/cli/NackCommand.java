package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.TimeText;
import dev.dueline.client.Connection;
import dev.dueline.v1.NackRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives jobs back. */
@Command(
    name = "nack",
    description =
        "Gives jobs back, for a retry by their retry policy, and prints of each: outcome, lease token.")
final class NackCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connection;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOKEN",
      description = "Lease tokens, as watch prints them.")
  private List<String> tokens = new ArrayList<>();

  @Option(
      names = "--delay",
      paramLabel = "DURATION",
      description = "Retries so long from now instead.")
  private @Nullable Duration delay;

  @Option(names = "--dead", description = "Sends them straight to the dead jobs.")
  private boolean dead;

  @Option(names = "--reason", paramLabel = "TEXT", description = "For people; kept with the job.")
  private String reason = "";

  @Option(names = "--uncounted", description = "Does not count the attempt.")
  private boolean uncounted;

  NackCommand(Console console, ConnectionOptions connection) {
    this.console = console;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    NackRequest.Builder request =
        NackRequest.newBuilder().setDead(dead).setReason(reason).setUncounted(uncounted);
    if (delay != null) {
      request.setDelay(TimeText.toProto(delay));
    }
    try (Connection service = connection.open()) {
      return new LeaseReport(console)
          .of(
              tokens,
              batch ->
                  service
                      .unary()
                      .nack(request.clearLeaseTokens().addAllLeaseTokens(batch).build())
                      .getOutcomesList());
    }
  }
}
