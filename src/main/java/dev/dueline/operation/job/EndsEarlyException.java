package dev.dueline.operation.job;

/** A recurring job ends before its first run would be due. */
public final class EndsEarlyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndsEarlyException() {
    super("the series ends before its first run", null, false, false);
  }
}
