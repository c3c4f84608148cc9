package dev.dueline.cli.remote;

/** What a command's exit code tells a script. */
public final class ExitCode {
  /** It was done. */
  public static final int DONE = 0;

  /** The service refused, or did it only in part. */
  public static final int REFUSED = 1;

  /** The command line makes no sense. */
  public static final int USAGE = 2;

  /**
   * There was no answer: nobody there, or not in time. A process whose memory has run out ends with
   * the same, as the JVM's own option would have it.
   */
  public static final int UNREACHABLE = 3;

  private ExitCode() {}
}
