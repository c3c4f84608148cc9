package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.TimeText;
import dev.dueline.client.Connection;
import dev.dueline.client.Leases;
import dev.dueline.v1.NackRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives jobs back. */
@Command(
    name = "nack",
    description =
        "Gives jobs back, for a retry by their retry policy, and prints of each: outcome, lease"
            + " token.")
final class NackCommand extends ServiceCommand {
  @Mixin private final LeaseTokens tokens = new LeaseTokens();

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
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    Leases leases = new Leases(service);
    NackRequest.Builder request =
        NackRequest.newBuilder().setDead(dead).setReason(reason).setUncounted(uncounted);
    if (delay != null) {
      request.setDelay(TimeText.toProto(delay));
    }
    return tokens.each(
        this::print,
        batch -> leases.nack(request.clearLeaseTokens().addAllLeaseTokens(batch).build()));
  }
}
