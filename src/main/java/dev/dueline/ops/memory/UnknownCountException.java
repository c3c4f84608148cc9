package dev.dueline.ops.memory;

/** This JVM does not say what HotSpot says of itself. */
final class UnknownCountException extends Exception {
  private static final long serialVersionUID = 1L;

  UnknownCountException(String message, Exception cause) {
    super(message, cause);
  }
}
