package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.option.CallOptions;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import java.util.List;

/** Calls of one kind, so many of them outstanding: a warm-up, then those that are measured. */
public abstract class CallScenario extends Scenario {
  private final String name;
  private Calls calls = new Calls();

  public CallScenario(String name, Console console, ConnectionOptions server) {
    super(name, console, server);
    this.name = name;
  }

  protected abstract CallOptions load();

  /** What each lane does, whose calls count here and come out of the budget. */
  protected abstract ClosedLoop.Scripts scripts(Bench bench, Budget budget, Calls counted);

  @Override
  protected void check() {
    load().amount().check();
  }

  @Override
  protected void run(Bench bench) throws InterruptedException {
    Amount measured = load().amount().amount();
    if (!load().warmUp().isNone()) {
      measure("warm-up", bench, load().warmUp());
    }
    calls = measure(name, bench, measured);
  }

  private Calls measure(String phase, Bench bench, Amount amount) throws InterruptedException {
    Calls counted = new Calls();
    Budget budget = new Budget(amount);
    bench.loop(load().concurrency()).run(phase, budget, counted, scripts(bench, budget, counted));
    return counted;
  }

  @Override
  protected void addTo(Figures figures) {
    figures
        .count("concurrency", load().concurrency())
        .count("connections", options().connections())
        .count(unit(), calls.succeeded())
        .number("seconds", calls.seconds())
        .number(unit() + "_per_second", calls.succeeded() / calls.seconds());
    calls.addTo(figures, "");
  }

  /** What a call counts as among the figures. */
  protected abstract String unit();

  @Override
  protected List<String> complaints() {
    return calls.failures().complaints("calls");
  }
}
