package dev.dueline.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * A real {@code redis-server} child with a port and a directory of its own, that can be killed,
 * stopped and started again on its data. Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {
  /** For one command; on a busy machine or disk it may wait for seconds. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** For a server that starts. */
  private static final Duration PROBE = Duration.ofMillis(500);

  private static final String CONFIGURATION = "redis.conf";
  private static final String LOG = "redis.log";

  private final int port;
  private final Path directory;
  private final boolean isSentinel;
  private final Optional<SteppedClock> clock;
  private Process process;

  private RedisServer(int port, Path directory, boolean isSentinel, Optional<SteppedClock> clock) {
    this.port = port;
    this.directory = directory;
    this.isSentinel = isSentinel;
    this.clock = clock;
  }

  /** Starts one on a free port that keeps no data, and waits until it takes commands. */
  public static RedisServer inMemory() {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      return start(
          Files.createTempDirectory(target, "redis"),
          LoopbackPort.free(),
          List.of("save \"\"", "appendonly no"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts one, and waits until it takes commands.
   *
   * @param directory made if it is missing; its data, configuration and log
   * @param settings lines of {@code redis.conf}
   */
  public static RedisServer start(Path directory, int port, List<String> settings) {
    return start(directory, port, settings, Optional.empty());
  }

  /** The same, of a server that goes by another clock than the machine's, if one is given. */
  public static RedisServer start(
      Path directory, int port, List<String> settings, Optional<SteppedClock> clock) {
    return start(new RedisServer(port, directory, false, clock), settings);
  }

  /** Starts a sentinel, as {@link #start(Path, int, List)} starts a server of data. */
  public static RedisServer startSentinel(Path directory, int port, List<String> settings) {
    return start(new RedisServer(port, directory, true, Optional.empty()), settings);
  }

  private static RedisServer start(RedisServer server, List<String> settings) {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("port " + server.port);
    lines.add("dir " + server.directory.toAbsolutePath());
    lines.addAll(settings);
    write(server.directory, lines);
    server.restart();
    return server;
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Starts it again on its data, and waits until it takes commands. */
  public void restart() {
    String binary = clock.map(SteppedClock::server).orElseGet(() -> RedisBinary.path().toString());
    Map<String, String> environment = clock.map(SteppedClock::environment).orElse(Map.of());
    List<String> options = isSentinel ? List.of("--sentinel") : List.of();
    try {
      process = launch(binary, directory, options, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("redis-server; see " + directory.resolve(LOG))
        .atMost(Duration.ofSeconds(120))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::isUp);
  }

  /** Writes the {@code redis.conf} of a directory, which is made if it is missing. */
  public static void write(Path directory, List<String> settings) {
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(CONFIGURATION), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server on the {@code redis.conf} of a directory, with its output in {@code redis.log}
   * there; it ends with this JVM. Does not wait for it.
   *
   * @throws IOException when there is no such binary
   */
  public static Process launch(String binary, Path directory, List<String> options)
      throws IOException {
    return launch(binary, directory, options, Map.of());
  }

  private static Process launch(
      String binary, Path directory, List<String> options, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binary);
    command.add(directory.resolve(CONFIGURATION).toAbsolutePath().toString());
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(directory.resolve(LOG).toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** Whether it answers, as anything but a server that loads its data. */
  public boolean isUp() {
    try {
      return "PONG".equals(RespCall.to(port, PROBE, "PING"));
    } catch (IOException e) {
      return false;
    }
  }

  /** One command, not through any proxy, and its reply. */
  public Object call(String... words) throws IOException {
    return RespCall.to(port, TIMEOUT, words);
  }

  /** The same by a user, where nobody may say anything without a password. */
  public Object as(String user, String password, String... words) throws IOException {
    return RespCall.as(user, password, port, TIMEOUT, words);
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** As {@code kill -STOP} does: connections stay, nothing answers. */
  public void stop() {
    Signals.send(process.pid(), "STOP");
  }

  /** It goes on after a {@link #stop()}. */
  public void resume() {
    Signals.send(process.pid(), "CONT");
  }

  @Override
  public void close() {
    kill();
  }
}
