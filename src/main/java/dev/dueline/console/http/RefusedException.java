package dev.dueline.console.http;

/** A request is refused, with what its page says. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String remedy;

  /**
   * A refusal.
   *
   * @param text what is wrong, in a sentence
   * @param remedy what to do, in a sentence; may be empty
   */
  public RefusedException(int status, String text, String remedy) {
    super(text, null, false, false);
    this.status = status;
    this.remedy = remedy;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** What to do; may be empty. */
  public String remedy() {
    return remedy;
  }
}
