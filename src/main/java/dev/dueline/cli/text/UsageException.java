package dev.dueline.cli.text;

/** A command line of which each part is well formed and the whole makes no sense. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message is for the person who typed it. */
  public UsageException(String message) {
    super(message);
  }
}
