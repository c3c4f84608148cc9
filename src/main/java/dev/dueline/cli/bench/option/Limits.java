package dev.dueline.cli.bench.option;

import dev.dueline.cli.text.UsageException;

/** What a number on the command line may be. */
public final class Limits {
  /** Calls outstanding: guards against a typing error. */
  private static final int MOST_CONCURRENCY = 100_000;

  private Limits() {}

  /** Calls outstanding, if there may be so many. */
  public static int concurrency(int value) {
    return within("--concurrency", value, 1, MOST_CONCURRENCY);
  }

  /** The value, if it is within. */
  public static int within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(option + " is from " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  /** The value, if there is at least one of it. */
  public static long positive(String option, long value) {
    if (value <= 0) {
      throw new UsageException(option + " is more than 0, not " + value);
    }
    return value;
  }
}
