package dev.dueline.cli.dev;

import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.UsageException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the service for development and tests. */
@Command(
    name = DevCommand.NAME,
    description = {
      "Starts the service for development and tests, on a Redis of its own, reachable from this"
          + " machine alone.",
      "Prints a line of JSON once it takes calls: address, console, pid, dataDir, testClock,"
          + " autoAdvance; logs to standard error.",
      "Ends when its standard input is closed, or its parent dies, if that input is a pipe; else at"
          + " Ctrl-C or SIGTERM."
    })
public final class DevCommand implements Callable<Integer> {
  /** The word that leads here. */
  public static final String NAME = "dev";

  private static final int LARGEST_PORT = 65_535;

  private final DevStart start;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where it takes calls: 9000, unless configured; 0: any free port.")
  private @Nullable Integer port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Keeps the jobs there. Else they are in a temporary directory, and go with it.")
  private @Nullable Path dataDir;

  @Option(names = "--test-clock", description = "Lets a test move the clock.")
  private boolean testClock;

  @Option(
      names = "--auto-advance",
      description =
          "Moves the clock to what is next whenever nothing is under way; implies"
              + " --test-clock.")
  private boolean autoAdvance;

  /** A command that starts the service so. */
  public DevCommand(DevStart start) {
    this.start = start;
  }

  @Override
  public Integer call() {
    if (port != null && (port < 0 || port > LARGEST_PORT)) {
      throw new UsageException("--port: 0 to " + LARGEST_PORT);
    }
    start.run(
        new DevOptions(
            Optional.ofNullable(port),
            Optional.ofNullable(dataDir),
            testClock || autoAdvance,
            autoAdvance));
    return ExitCode.DONE;
  }
}
