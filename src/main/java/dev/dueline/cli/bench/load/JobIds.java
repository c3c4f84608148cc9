package dev.dueline.cli.bench.load;

import java.util.SplittableRandom;

/**
 * Ids of 16 characters, base 36: eight that tell one run from every other, eight that count its
 * jobs.
 */
public final class JobIds {
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int RADIX = 36;
  private static final int LENGTH = 16;
  private static final int PREFIX_LENGTH = 8;

  private final String prefix;

  JobIds(String prefix) {
    this.prefix = prefix;
  }

  /** Ids of a run of its own. */
  public static JobIds random() {
    return new JobIds(randomText());
  }

  /** Eight random characters. */
  public static String randomText() {
    SplittableRandom random = new SplittableRandom();
    StringBuilder text = new StringBuilder();
    while (text.length() < PREFIX_LENGTH) {
      text.append(DIGITS.charAt(random.nextInt(RADIX)));
    }
    return text.toString();
  }

  /** The id of a job by its number, from 0. */
  public String of(long index) {
    char[] id = new char[LENGTH];
    prefix.getChars(0, PREFIX_LENGTH, id, 0);
    long rest = index;
    for (int i = LENGTH - 1; i >= PREFIX_LENGTH; i--) {
      id[i] = DIGITS.charAt((int) (rest % RADIX));
      rest /= RADIX;
    }
    return new String(id);
  }

  /** The number of a job by its id; -1 for one that is not of this run. */
  public long indexOf(String id) {
    if (id.length() != LENGTH || !id.startsWith(prefix)) {
      return -1;
    }
    try {
      return Long.parseLong(id, PREFIX_LENGTH, LENGTH, RADIX);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
