package dev.dueline.store.call;

import java.nio.charset.StandardCharsets;

/**
 * What its caller names one request by, so that the store knows it again when it comes twice
 * (AIP-155). Counts within its queue and job id.
 *
 * @param value 1 to 128 bytes of UTF-8 without control characters
 */
public record RequestId(String value) {
  /** The longest id, in bytes of UTF-8. */
  public static final int MAX_BYTES = 128;

  public RequestId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a request id");
    }
  }

  /** Whether a text can be an id. */
  public static boolean isValid(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_BYTES
        && value.chars().noneMatch(Character::isISOControl)
        && bytes(value).length <= MAX_BYTES;
  }

  /** The id in UTF-8. */
  public byte[] bytes() {
    return bytes(value);
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
