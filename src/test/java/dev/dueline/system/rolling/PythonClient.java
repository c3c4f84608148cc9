package dev.dueline.system.rolling;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.dueline.system.process.Python;
import dev.dueline.v1.SchedulerProto;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The client in Python, in a process of its own. */
final class PythonClient implements AutoCloseable {
  static final String NAME = "python";

  private static final Path SCRIPT = Path.of("src/test/python/rolling.py");

  private final Process process;
  private final Seen seen;
  private volatile boolean isQuiet;

  private PythonClient(Process process, Seen seen) {
    this.process = process;
    this.seen = seen;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread reader = new Thread(this::read, "python client");
    reader.setDaemon(true);
    reader.start();
  }

  /** A Python that has what the client needs. */
  static Optional<String> python() {
    return Python.with("grpc, google.protobuf");
  }

  static PythonClient start(
      String python, Path config, String queue, int jobsASecond, String target, Seen seen) {
    try {
      Path descriptors = Files.createTempFile(Path.of("target"), "scheduler", ".binpb");
      Files.write(descriptors, api().toByteArray());
      List<String> command = new ArrayList<>(List.of(python, SCRIPT.toString()));
      command.add(config.toString());
      command.add(descriptors.toString());
      command.add(queue);
      command.add(String.valueOf(jobsASecond));
      command.add(target);
      ProcessBuilder builder = new ProcessBuilder(command);
      return new PythonClient(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start(), seen);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Schedules no more. */
  void stop() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether each Schedule has been answered. */
  boolean isQuiet() {
    return isQuiet;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line, line.split(" "));
      }
    } catch (IOException e) {
      seen.failed(NAME, e.toString());
    }
  }

  private void take(String line, String[] words) {
    switch (words[0]) {
      case "scheduled" -> seen.scheduled(words[1]);
      case "received" -> seen.received(NAME, words[1], Integer.parseInt(words[2]));
      case "acked" -> seen.acked(words[1]);
      case "moved" -> seen.moved();
      case "stopped" -> isQuiet = true;
      default -> seen.failed(NAME, line);
    }
  }

  /** The API with all that it imports, each file after those that it needs. */
  private static FileDescriptorSet api() {
    Map<String, FileDescriptor> files = new LinkedHashMap<>();
    collect(SchedulerProto.getDescriptor(), files);
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.values().forEach(file -> set.addFile(file.toProto()));
    return set.build();
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
    file.getDependencies().forEach(needed -> collect(needed, files));
    files.put(file.getFullName(), file);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
