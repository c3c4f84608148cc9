package dev.dueline.ops.security;

/**
 * The service must not start like this; the message says what to set, and is all that is logged.
 */
final class UnsafeSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsafeSettingException(String message) {
    super(message, null, false, false);
  }
}
