package dev.dueline.cli.bench;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Measures a service, as its clients see it. */
@Command(
    name = "bench",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Measures a service, as its clients see it, and prints a line a figure: name, value.",
      "Every run makes load: do not point it at a service that others need."
    })
public final class BenchCommand {
  private BenchCommand() {}

  /** Adds {@code bench} and what it can measure to a command line. */
  public static void addTo(CommandLine line, Console console, ConnectionOptions server) {
    line.addSubcommand(
        new CommandLine(new BenchCommand())
            .addSubcommand(new EmptyCommand(console, server))
            .addSubcommand(new ScheduleCommand(console, server))
            .addSubcommand(new BatchCommand(console, server))
            .addSubcommand(new DeliverCommand(console, server))
            .addSubcommand(new LatenessCommand(console, server))
            .addSubcommand(new MemoryCommand(console, server))
            .addSubcommand(new BurstCommand(console, server))
            .addSubcommand(new MixedCommand(console, server)));
  }
}
