package dev.dueline.cli.bench.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a backlog is watched, and when it falls due. */
public final class WatchOptions {
  /** Jobs that the contract allows a watcher to hold. */
  static final int MOST_OUTSTANDING = 10_000;

  @Option(
      names = "--max-outstanding",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Jobs that may be unacknowledged at once: ${DEFAULT-VALUE}.")
  private int maxOutstanding;

  @Option(
      names = "--lead",
      paramLabel = "DURATION",
      description =
          "From the beginning of the loading to the first due time; estimated by default. Loading"
              + " that takes longer fails the run.")
  private @Nullable Duration lead;

  public int maxOutstanding() {
    return Limits.within("--max-outstanding", maxOutstanding, 1, MOST_OUTSTANDING);
  }

  public @Nullable Duration lead() {
    return lead;
  }
}
