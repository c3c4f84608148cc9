package dev.dueline.cli.bench.option;

import dev.dueline.cli.bench.load.Amount;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many calls are measured one by one, and how they are made. */
public final class CallOptions {
  @Mixin private final AmountOptions amount = new AmountOptions();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "64",
      description = "Calls outstanding: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Calls, or a duration, before anything is measured: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  public AmountOptions amount() {
    return amount;
  }

  public int concurrency() {
    return Limits.concurrency(concurrency);
  }

  public Amount warmUp() {
    return warmUp;
  }
}
