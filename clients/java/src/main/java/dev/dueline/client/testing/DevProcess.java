package dev.dueline.client.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code dueline dev} that runs. It ends when the pipe to its standard input is closed: with this
 * JVM, however that ends.
 *
 * @param process has the other end of that pipe
 */
record DevProcess(Process process, String address) {
  private static final Pattern ADDRESS = Pattern.compile("\"address\"\\s*:\\s*\"([^\"]+)\"");
  private static final Map<String, String> QUIET =
      Map.of("QUARKUS_LOG_CONSOLE_LEVEL", "WARN", "QUARKUS_BANNER_ENABLED", "false");

  /** Those that no test has. */
  private static final Deque<DevProcess> IDLE = new ConcurrentLinkedDeque<>();

  /** One that no other test has; a new one where there is none. Any thread. */
  static DevProcess take() {
    DevProcess idle = IDLE.poll();
    return idle == null ? launch() : idle;
  }

  /** Leaves it to other tests. */
  void giveBack() {
    IDLE.push(this);
  }

  private static DevProcess launch() {
    ProcessBuilder builder = new ProcessBuilder(command(System.getenv("DUELINE_DEV")));
    QUIET.forEach(builder.environment()::putIfAbsent);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      String ready =
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      Matcher address = ADDRESS.matcher(ready == null ? "" : ready);
      if (!address.find()) {
        process.destroy();
        throw new IllegalStateException(
            "it did not start, standard error says why: " + builder.command());
      }
      return new DevProcess(process, address.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(@Nullable String path) {
    if (path == null || path.isEmpty()) {
      throw new IllegalStateException(
          "set DUELINE_DEV to the path of quarkus-run.jar or of the native binary");
    }
    List<String> command = new ArrayList<>();
    if (path.endsWith(".jar")) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      command.addAll(List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"));
    }
    command.addAll(List.of(path, "dev", "--port", "0", "--test-clock"));
    return command;
  }
}
