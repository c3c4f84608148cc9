package dev.dueline.cli.remote;

import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Line;
import dev.dueline.client.Connection;
import java.util.concurrent.Callable;

/** A command that makes its calls over one connection, and prints a line for each answer. */
public abstract class ServiceCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connection;

  /** A command on these streams, for the service that the options name. */
  protected ServiceCommand(Console console, ConnectionOptions connection) {
    this.console = console;
    this.connection = connection;
  }

  @Override
  public final Integer call() throws InterruptedException {
    try (Connection service = connection.open()) {
      return run(service);
    }
  }

  /** Does it; gives the exit code, one of {@link ExitCode}. */
  protected abstract int run(Connection service) throws InterruptedException;

  /** Where it reads and writes. */
  protected final Console console() {
    return console;
  }

  /** Prints one line. */
  protected final void print(Object... fields) {
    console.out().println(Line.of(fields));
  }
}
