package dev.dueline.system.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Python of this machine, or the system's own, for which packages are installed. */
public final class Python {
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  private Python() {}

  /** One that has these modules; empty: none has. */
  public static Optional<String> with(String modules) {
    return PYTHONS.stream().filter(python -> imports(python, modules)).findFirst();
  }

  private static boolean imports(String python, String modules) {
    try {
      Process probe =
          new ProcessBuilder(python, "-c", "import " + modules)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
