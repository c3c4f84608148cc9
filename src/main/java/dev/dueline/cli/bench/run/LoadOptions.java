package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.load.Loader;
import dev.dueline.cli.bench.option.Limits;
import picocli.CommandLine.Option;

/** How jobs are scheduled in batches. */
public final class LoadOptions {
  /** Jobs that the contract allows in one call. */
  private static final int MOST_BATCH = 1_000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "500",
      description = "Jobs a BatchSchedule, up to 1,000: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "4",
      description = "BatchSchedule calls outstanding: ${DEFAULT-VALUE}.")
  private int concurrency;

  public int batch() {
    return Limits.within("--batch", batch, 1, MOST_BATCH);
  }

  public int concurrency() {
    return Limits.concurrency(concurrency);
  }

  public Loader loader(Bench bench) {
    return new Loader(bench.loop(concurrency()), batch());
  }
}
