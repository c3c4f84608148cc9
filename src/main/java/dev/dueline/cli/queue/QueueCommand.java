package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs queues. */
@Command(
    name = "queue",
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows, pauses, limits, empties and deletes queues.")
public final class QueueCommand {
  private QueueCommand() {}

  /** Adds {@code queue} and what it can do to a command line. */
  public static void addTo(CommandLine line, Console console, ConnectionOptions server) {
    line.addSubcommand(
        new CommandLine(new QueueCommand())
            .addSubcommand(new ListCommand(console, server))
            .addSubcommand(new ShowCommand(console, server))
            .addSubcommand(new CountCommand(console, server))
            .addSubcommand(new WatchersCommand(console, server))
            .addSubcommand(new PauseCommand(console, server))
            .addSubcommand(new ResumeCommand(console, server))
            .addSubcommand(new LimitsCommand(console, server))
            .addSubcommand(new PurgeCommand(console, server))
            .addSubcommand(new DeleteCommand(console, server))
            .addSubcommand(new RedriveCommand(console, server))
            .addSubcommand(new DeliveryCommand(console, server)));
  }
}
