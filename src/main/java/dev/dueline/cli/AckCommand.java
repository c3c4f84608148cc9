package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import dev.dueline.client.Leases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reports jobs as done. */
@Command(name = "ack", description = "Acknowledges jobs and prints of each: outcome, lease token.")
final class AckCommand extends ServiceCommand {
  @Mixin private final LeaseTokens tokens = new LeaseTokens();

  AckCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    return tokens.each(this::print, new Leases(service)::ack);
  }
}
