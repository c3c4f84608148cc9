package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.util.List;
import java.util.concurrent.Callable;

/** What one subcommand measures. */
public abstract class Scenario implements Callable<Integer> {
  private final String name;
  private final Console console;
  private final ConnectionOptions server;

  /** A scenario for the service that the options name; its own name is among the figures. */
  public Scenario(String name, Console console, ConnectionOptions server) {
    this.name = name;
    this.console = console;
    this.server = server;
  }

  @Override
  public final Integer call() throws InterruptedException {
    check();
    return new BenchRun(console, server, options()).run(name, this);
  }

  protected abstract BenchOptions options();

  /**
   * Looks at the command line before there is a connection.
   *
   * @throws dev.dueline.cli.text.UsageException when it makes no sense
   */
  protected void check() {}

  /** Runs to the end: its warm-up, then what is measured. */
  protected abstract void run(Bench bench) throws InterruptedException;

  /** Adds what was found; before the run, the same names with zeros. */
  protected abstract void addTo(Figures figures);

  /** What went wrong, so that the run has failed whatever its figures; for people. */
  protected abstract List<String> complaints();
}
