package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.TimeText;
import dev.dueline.client.Connection;
import dev.dueline.v1.ExtendLeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Extends leases so that long work is not delivered again. */
@Command(name = "extend", description = "Extends leases and prints of each: outcome, lease token.")
final class ExtendCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connection;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOKEN",
      description = "Lease tokens, as watch prints them.")
  private List<String> tokens = new ArrayList<>();

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      required = true,
      description = "How long the leases last from now, 1s to 12h.")
  private Duration lease = Duration.ZERO;

  ExtendCommand(Console console, ConnectionOptions connection) {
    this.console = console;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    ExtendLeaseRequest.Builder request =
        ExtendLeaseRequest.newBuilder().setLeaseDuration(TimeText.toProto(lease));
    try (Connection service = connection.open()) {
      return new LeaseReport(console)
          .of(
              tokens,
              batch ->
                  service
                      .unary()
                      .extendLease(request.clearLeaseTokens().addAllLeaseTokens(batch).build())
                      .getOutcomesList());
    }
  }
}
