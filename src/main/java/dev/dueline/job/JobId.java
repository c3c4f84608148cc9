package dev.dueline.job;

import java.nio.charset.StandardCharsets;

/**
 * Names a job among the live jobs of its queue. Opaque: never joined with a separator and split
 * again.
 *
 * @param value 1 to 256 bytes of UTF-8 without control characters
 */
public record JobId(String value) {
  /** The longest id, in bytes of UTF-8. */
  public static final int MAX_BYTES = 256;

  public JobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a job id");
    }
  }

  /** Whether a text can be an id. */
  public static boolean isValid(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_BYTES
        && !hasControls(value)
        && value.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  // Not by a stream: each call asks.
  private static boolean hasControls(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The id in UTF-8. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return value;
  }
}
