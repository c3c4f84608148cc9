package dev.dueline.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What one command of the packaged client did, in a process of its own.
 *
 * @param exitCode of the process
 * @param out the lines that it wrote to its standard output
 * @param err those that it wrote to its standard error
 */
public record ClientProcess(int exitCode, List<String> out, List<String> err) {
  private static final long TIMEOUT_SECONDS = 180;

  /** Runs a command line against a service, and waits for its end. */
  public static ClientProcess of(ServiceProcess service, String... words) {
    List<String> command = new ArrayList<>(Build.current().command(List.of()));
    command.addAll(List.of("--server", "127.0.0.1:" + service.port()));
    command.addAll(List.of(words));
    try {
      Path out = Files.createTempFile("client", ".out");
      Path err = Files.createTempFile("client", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("still runs: " + command);
      }
      ClientProcess run =
          new ClientProcess(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
      Files.delete(out);
      Files.delete(err);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
