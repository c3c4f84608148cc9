package dev.dueline.cli.bench;

import dev.dueline.cli.bench.report.Figures;
import java.util.List;

/** What one subcommand measures. */
interface Scenario {
  /** Runs to the end: its warm-up, then what is measured. */
  void run(Bench bench) throws InterruptedException;

  /** Adds what was found; before the run, the same names with zeros. */
  void addTo(Figures figures);

  /** What went wrong, so that the run has failed whatever its figures; for people. */
  List<String> complaints();
}
