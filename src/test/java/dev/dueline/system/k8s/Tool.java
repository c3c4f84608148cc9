package dev.dueline.system.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program that this machine may have. */
final class Tool {
  private Tool() {}

  /**
   * How it ended.
   *
   * @param code its exit code
   * @param output all that it said
   */
  record Result(int code, String output) {}

  /** Runs it there; aborts the test where it is not on the PATH. */
  static Result run(Path directory, String program, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(words));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return Assumptions.abort("skipped: no " + program + " on the PATH");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
