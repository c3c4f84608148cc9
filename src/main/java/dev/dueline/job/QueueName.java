package dev.dueline.job;

/**
 * Names a queue.
 *
 * @param value 1 to 128 of {@code A-Z a-z 0-9 . _ - : /}; no braces, so it can stand in a hash tag
 */
public record QueueName(String value) {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 128;

  public QueueName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a queue name");
    }
  }

  /** Whether a text can name a queue. */
  public static boolean isValid(String value) {
    // Not by a regular expression: each call asks several times (docs/benchmarks.md).
    int length = value.length();
    if (length == 0 || length > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!isAllowed(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '-' && c <= ':' // digits, and - . /
        || c == '_';
  }

  @Override
  public String toString() {
    return value;
  }
}
