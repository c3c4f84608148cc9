package dev.dueline.cli.bench;

/** A run in which nothing was measured that means anything, though every call went well. */
final class UnusableRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String why;

  /** The reason is for the person at the terminal. */
  UnusableRunException(String why) {
    super(why);
    this.why = why;
  }

  @Override
  public String toString() {
    return why;
  }
}
