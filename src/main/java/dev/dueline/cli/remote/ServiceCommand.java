package dev.dueline.cli.remote;

import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.client.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command that makes its calls over one connection, and prints a line for each answer. */
public abstract class ServiceCommand implements Callable<Integer> {
  @Option(
      names = "--json",
      description = "Prints JSON objects, one a line, with the contract's names; failures, too.")
  private boolean json;

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

  /** Whether it prints JSON. */
  protected final boolean isJson() {
    return json;
  }

  /** Prints an answer: its values in one line, or as a JSON object. */
  protected final void print(Fields answer) {
    console.out().println(json ? answer.json() : answer.line());
  }

  /** Prints an answer: a line a field, or as one JSON object. */
  protected final void printEach(Fields answer) {
    if (json) {
      print(answer);
    } else {
      answer.lines().forEach(console.out()::println);
    }
  }
}
