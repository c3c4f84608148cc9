package dev.dueline.system.process;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code dueline dev} of the packaged service, as a test would start it. */
public final class DevProcess implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final BufferedReader out;
  private final JsonObject ready;
  private final ManagedChannel channel;

  private DevProcess(Process process, Path log, BufferedReader out, JsonObject ready) {
    this.process = process;
    this.log = log;
    this.out = out;
    this.ready = ready;
    this.channel =
        NettyChannelBuilder.forTarget(ready.get("address").getAsString()).usePlaintext().build();
  }

  /** Starts one on a free port, with a pipe for its standard input, and waits until it is ready. */
  public static DevProcess start(String... options) {
    return started(builder(command(options)));
  }

  /** The same, with a standard input that is no pipe. */
  public static DevProcess startUntied(String... options) {
    return started(
        builder(command(options)).redirectInput(Redirect.from(Path.of("/dev/null").toFile())));
  }

  /**
   * The same below a shell, which is its parent; another child of that shell has the other end of
   * the pipe.
   */
  public static DevProcess startBelowShell(String... options) {
    List<String> shell = new ArrayList<>(List.of("sh", "-c", "sleep 600 | \"$@\"; exit", "sh"));
    shell.addAll(command(options));
    return started(builder(shell));
  }

  /** Starts one that must not come up. */
  public static Refusal refused(List<String> settings, String... options) {
    List<String> command = new ArrayList<>(Build.current().command(settings));
    command.addAll(List.of("dev", "--port", "0"));
    command.addAll(List.of(options));
    try {
      Path log = newLog();
      Process process = builder(command).redirectError(log.toFile()).start();
      String out = line(reader(process));
      int code = process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join().exitValue();
      return new Refusal(code, out, Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How one ended that would not start.
   *
   * @param code the exit code of its process
   * @param out the first line of its standard output; empty if there is none
   * @param log all that it said on standard error
   */
  public record Refusal(int code, String out, String log) {}

  private static List<String> command(String... options) {
    List<String> command = new ArrayList<>(Build.current().command(List.of()));
    command.addAll(List.of("dev", "--port", "0"));
    command.addAll(List.of(options));
    return command;
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command);
  }

  private static DevProcess started(ProcessBuilder builder) {
    try {
      Path log = newLog();
      Process process = builder.redirectError(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      BufferedReader out = reader(process);
      String line = line(out);
      if (line.isEmpty()) {
        throw new IllegalStateException("it did not start: " + Files.readString(log));
      }
      return new DevProcess(process, log, out, JsonParser.parseString(line).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newLog() throws IOException {
    return Files.createTempFile(Files.createDirectories(Path.of("target")), "dev", ".log");
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The next line, or nothing at the end. */
  private static String line(BufferedReader out) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                String line = out.readLine();
                return line == null ? "" : line;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  /** What it said when it was ready. */
  public JsonObject ready() {
    return ready;
  }

  /** Where it keeps the jobs. */
  public Path dataDir() {
    return Path.of(ready.get("dataDir").getAsString());
  }

  /** As {@code kill -9} does, to the service itself. */
  public void kill() {
    Signals.send(ready.get("pid").getAsLong(), "KILL");
  }

  /** The process that was started, of which the service may be a child. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Calls that wait for their answers, for at most a minute. */
  public SchedulerServiceBlockingStub calls() {
    return SchedulerServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** What it has logged. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes its standard input; gives its exit code once it has gone, for which it has a minute. */
  public int closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return awaitEnd();
  }

  /** Its exit code, once it has gone, for which it has a minute. */
  public int awaitEnd() {
    return process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join().exitValue();
  }

  /** What else it wrote to standard output; to be asked when it has ended. */
  public String moreOutput() {
    return line(out);
  }

  /** Kills what was started, and what that started. */
  @Override
  public void close() {
    channel.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
