package dev.dueline.job;

import java.util.regex.Pattern;

/**
 * Names a queue.
 *
 * @param value 1 to 128 of {@code A-Z a-z 0-9 . _ - : /}; no braces, so it can stand in a hash tag
 */
public record QueueName(String value) {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 128;

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:/-]{1," + MAX_LENGTH + "}");

  public QueueName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a queue name");
    }
  }

  /** Whether a text can name a queue. */
  public static boolean isValid(String value) {
    return ALLOWED.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
