package dev.dueline.cli.debug;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks into Redis itself. */
@Command(
    name = "debug",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks into Redis itself: for people who work on Dueline, and for support.")
public final class DebugCommand {
  private DebugCommand() {}

  /** Adds {@code debug} and what it can do to a command line. */
  public static void addTo(
      CommandLine line, Console console, ConnectionOptions server, ShardView shards) {
    line.addSubcommand(
        new CommandLine(new DebugCommand())
            .addSubcommand(new ShardCommand(console, server, shards)));
  }
}
