package dev.dueline.operation.clock;

/** The clock cannot be moved to such a time. */
public final class ClockTargetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says why, for the caller. */
  ClockTargetException(String message) {
    super(message);
  }
}
