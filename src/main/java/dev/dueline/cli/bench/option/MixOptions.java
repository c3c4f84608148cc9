package dev.dueline.cli.bench.option;

import dev.dueline.cli.bench.load.Amount;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a mixed load is made of. */
public final class MixOptions {
  private static final int ALL_PERCENT = 100;

  /** More would keep the run waiting for its last jobs. */
  private static final int MOST_DELAY_MS = 3_600_000;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "64",
      description = "Schedule and Cancel calls outstanding: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--max-outstanding",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Jobs that may be unacknowledged at once: ${DEFAULT-VALUE}.")
  private int maxOutstanding;

  @Option(
      names = "--cancel-percent",
      paramLabel = "N",
      defaultValue = "10",
      description = "Of 100 jobs, those to be canceled once they are stored: ${DEFAULT-VALUE}.")
  private int cancelPercent;

  @Option(
      names = "--max-delay",
      paramLabel = "DURATION",
      defaultValue = "2s",
      description = "Delays are between 0 and this: ${DEFAULT-VALUE}.")
  private Duration maxDelay = Duration.ofSeconds(2);

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Jobs, or a duration, before anything is measured: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  public int concurrency() {
    return Limits.concurrency(concurrency);
  }

  public int maxOutstanding() {
    return Limits.within("--max-outstanding", maxOutstanding, 1, WatchOptions.MOST_OUTSTANDING);
  }

  public int cancelPercent() {
    return Limits.within("--cancel-percent", cancelPercent, 0, ALL_PERCENT);
  }

  public int maxDelayMs() {
    long ms = Math.min(maxDelay.toMillis(), Integer.MAX_VALUE);
    return Limits.within("--max-delay in ms", (int) ms, 0, MOST_DELAY_MS);
  }

  public Amount warmUp() {
    return warmUp;
  }
}
