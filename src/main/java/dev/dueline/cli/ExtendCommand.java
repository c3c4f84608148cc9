package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import dev.dueline.client.Leases;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Extends leases so that long work is not delivered again. */
@Command(name = "extend", description = "Extends leases and prints of each: outcome, lease token.")
final class ExtendCommand extends ServiceCommand {
  @Mixin private final LeaseTokens tokens = new LeaseTokens();

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      required = true,
      description = "How long the leases last from now, 1s to 12h.")
  private Duration lease = Duration.ZERO;

  ExtendCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    Leases leases = new Leases(service);
    return tokens.each(this::print, batch -> leases.extend(batch, lease));
  }
}
