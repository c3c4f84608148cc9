package dev.dueline.embedded;

/**
 * Another account could have put something at a path, or could do so; the message says what to do.
 */
final class UntrustedPathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UntrustedPathException(String message) {
    super(message);
  }
}
