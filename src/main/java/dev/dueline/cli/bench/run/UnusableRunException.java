package dev.dueline.cli.bench.run;

/** A run in which nothing was measured that means anything, though every call went well. */
public final class UnusableRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String why;

  /** The reason is for the person at the terminal. */
  public UnusableRunException(String why) {
    super(why);
    this.why = why;
  }

  @Override
  public String toString() {
    return why;
  }
}
