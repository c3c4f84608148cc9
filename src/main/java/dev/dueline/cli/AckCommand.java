package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import dev.dueline.v1.AckRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reports jobs as done. */
@Command(name = "ack", description = "Acknowledges jobs and prints of each: outcome, lease token.")
final class AckCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connection;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOKEN",
      description = "Lease tokens, as watch prints them.")
  private List<String> tokens = new ArrayList<>();

  AckCommand(Console console, ConnectionOptions connection) {
    this.console = console;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (Connection service = connection.open()) {
      return new LeaseReport(console)
          .of(
              tokens,
              batch ->
                  service
                      .unary()
                      .ack(AckRequest.newBuilder().addAllLeaseTokens(batch).build())
                      .getOutcomesList());
    }
  }
}
