package dev.dueline.system.queues;

import dev.dueline.system.process.Python;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of the documented consumers of streams, in a process of its own. */
final class Consumer implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("docs/streams");

  /** For a test, a consumer that has been silent for so long is dead. */
  private static final String IDLE_MS = "1000";

  private final ProcessBuilder builder;
  private final Path output;
  private Process process;

  private Consumer(ProcessBuilder builder, Path output) throws IOException {
    this.builder = builder;
    this.output = output;
    this.process = started(builder);
  }

  private static Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** The ways to start one: python or java. */
  static List<String> command(String language) {
    if (language.equals("java")) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String classes = System.getProperty("java.class.path");
      return List.of(java, "-cp", classes, EXAMPLES.resolve("Consumer.java").toString());
    }
    return Python.with("redis")
        .map(python -> List.of(python, EXAMPLES.resolve("consumer.py").toString()))
        .orElse(List.of());
  }

  static Consumer start(List<String> command, int redisPort, String name, List<String> keys) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("redis://127.0.0.1:" + redisPort, "workers", name));
    line.addAll(keys);
    try {
      Path output =
          Files.createTempFile(Files.createDirectories(Path.of("target")), "consumer", ".log");
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.redirectOutput(Redirect.appendTo(output.toFile())).redirectError(Redirect.INHERIT);
      builder.environment().put("IDLE_MS", IDLE_MS);
      return new Consumer(builder, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again if it has ended, as it does where Redis does not answer for two seconds. */
  void keepUp() {
    if (!process.isAlive()) {
      try {
        process = started(builder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The ids of the jobs that it did, in order. */
  List<String> done() {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
