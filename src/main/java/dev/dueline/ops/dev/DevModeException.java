package dev.dueline.ops.dev;

/**
 * The service must not run in dev mode like this; the message says what to change, and is all that
 * is logged.
 */
public final class DevModeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DevModeException(String message) {
    super(message, null, false, false);
  }
}
