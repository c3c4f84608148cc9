package dev.dueline.cli.bench.option;

import java.io.IOException;
import java.nio.file.Path;

/** Whether somebody looks on. */
public final class Terminal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether standard error is a terminal, as far as can be told without native code. */
  public static boolean isStandardError() {
    try {
      String target = STANDARD_ERROR.toRealPath().toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      // No such file system: the JDK knows only about all three streams together.
      return System.console() != null;
    }
  }
}
