package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.load.PhaseTimeout;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.bench.report.Threshold;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.watch.Interrupt;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs one scenario from the connection to the exit code. */
public final class BenchRun {
  private final Console console;
  private final ConnectionOptions server;
  private final BenchOptions options;

  public BenchRun(Console console, ConnectionOptions server, BenchOptions options) {
    this.console = console;
    this.server = server;
    this.options = options;
  }

  public int run(String name, Scenario scenario) throws InterruptedException {
    Figures names = figures(name, scenario);
    options.thresholds().forEach(threshold -> threshold.check(names));
    AtomicBoolean isStopped = new AtomicBoolean();
    boolean isTold = options.isProgress();
    PhaseTimeout timeout =
        new PhaseTimeout(
            server.timeout(),
            options.phaseTimeout(),
            isStopped::get,
            line -> {
              if (isTold) {
                console.note(line);
              }
            });
    try (Interrupt interrupt = Interrupt.runs(() -> isStopped.set(true));
        Bench bench = new Bench(console, server, timeout, options.connections())) {
      bench.connect();
      try {
        scenario.run(bench);
      } finally {
        bench.cleanUp();
      }
    }
    return report(figures(name, scenario), scenario);
  }

  private Figures figures(String name, Scenario scenario) {
    Figures figures =
        new Figures().text("command", name).text("server", server.server().toString());
    scenario.addTo(figures);
    return figures;
  }

  private int report(Figures figures, Scenario scenario) {
    if (options.isJson()) {
      console.out().println(figures.json());
    } else {
      figures.lines().forEach(console.out()::println);
    }
    console.out().flush();
    int exitCode = ExitCode.DONE;
    for (String complaint : scenario.complaints()) {
      console.note(complaint);
      exitCode = ExitCode.REFUSED;
    }
    for (Threshold threshold : options.thresholds()) {
      if (threshold.isViolated(figures)) {
        console.note("failed, as " + threshold + ": it is " + figures.plain(threshold.name()));
        exitCode = ExitCode.REFUSED;
      }
    }
    return exitCode;
  }
}
