package dev.dueline.cli.bench.option;

import dev.dueline.cli.bench.report.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How any benchmark runs and what it says: the options of all of them. */
public final class BenchOptions {
  private static final int MOST_CONNECTIONS = 1_000;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "1",
      description = "Connections that the calls are dealt out to: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--phase-timeout",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description =
          "Gives up when one phase (loading, delivering …) takes longer: ${DEFAULT-VALUE}. It also"
              + " gives up when nothing is answered for --timeout.")
  private Duration phaseTimeout = Duration.ofMinutes(10);

  @Option(names = "--json", description = "Prints one JSON object, not a line a figure.")
  private boolean json;

  @Option(
      names = "--progress",
      description = "A line a second on standard error, as where that is a terminal.")
  private boolean progress;

  @Option(
      names = "--fail-if",
      paramLabel = "EXPR",
      description =
          "Ends with 1 if it holds, such as 'p99_ms>5' or 'jobs_per_second<10000'; the names are"
              + " those that are printed. May be given again.")
  private List<Threshold> thresholds = new ArrayList<>();

  public int connections() {
    return Limits.within("--connections", connections, 1, MOST_CONNECTIONS);
  }

  public Duration phaseTimeout() {
    return phaseTimeout;
  }

  public boolean isJson() {
    return json;
  }

  public boolean isProgress() {
    return progress || Terminal.isStandardError();
  }

  public List<Threshold> thresholds() {
    return thresholds;
  }
}
