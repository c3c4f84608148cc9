package dev.dueline.cli.bench.option;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.text.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much is measured: so many, or for so long, not both. */
public final class AmountOptions {
  private static final Duration DEFAULT = Duration.ofSeconds(10);

  @Option(names = "--jobs", paramLabel = "N", description = "Measures so many.")
  private @Nullable Long jobs;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      description = "Measures for so long; 10s where neither is given.")
  private @Nullable Duration duration;

  /**
   * Insists on one of them.
   *
   * @throws UsageException when there are both
   */
  public void check() {
    if (jobs != null && duration != null) {
      throw new UsageException("--jobs and --duration exclude each other");
    }
    if (jobs != null) {
      Limits.positive("--jobs", jobs);
    }
  }

  public Amount amount() {
    if (jobs != null) {
      return Amount.of(jobs);
    }
    return Amount.of(duration == null ? DEFAULT : duration);
  }
}
