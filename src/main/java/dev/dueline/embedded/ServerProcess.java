package dev.dueline.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** One {@code redis-server} child process. */
final class ServerProcess {
  private static final Logger LOG = Logger.getLogger(ServerProcess.class);

  /** Longest silence before the server answers, though a slow disk may be busy. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Duration LOADING_NOTE_INTERVAL = Duration.ofSeconds(5);
  private static final long POLL_MS = 10;
  private static final int TAIL_LINES = 15;
  private static final int LAST_LINES = 3;

  /** Of a line, before the text: {@code 17:M 26 Nov 2026 00:47:37.123 # Bad file format}. */
  private static final Pattern PREFIX = Pattern.compile("^[0-9]+:[A-Z] .{20,26} [-.*#] ");

  /**
   * Puts the child into a session of its own, so that Ctrl-C in a terminal ends the service, which
   * still needs Redis while it drains, and not both at once.
   */
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private final Process process;
  private final ServerState state;
  private final Path log;

  private ServerProcess(Process process, ServerState state, Path log) {
    this.process = process;
    this.state = state;
    this.log = log;
  }

  /** Starts a server on a port, and records it in the directory before and after. */
  static ServerProcess start(DataDirectory directory, Path executable, int port, String password) {
    Path log = directory.log();
    String conf = new RedisConf(directory.path(), log, port, password).text();
    Path confFile = directory.write("redis.conf", conf);
    ServerState state = new ServerState(realPath(executable), port, password, 0, 0);
    directory.writeState(state);
    Process process = spawn(directory, executable, confFile);
    state = state.of(process.toHandle());
    try {
      directory.writeState(state);
    } catch (EmbeddedRedisException e) {
      process.destroy();
      throw e;
    }
    return new ServerProcess(process, state, log);
  }

  int port() {
    return state.port();
  }

  String password() {
    return state.password();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /**
   * Waits until the server answers: half a minute, or as long as it says that it loads its data.
   *
   * @return false if it ended since its port was taken
   * @throws EmbeddedRedisException if it ended for another reason, or does not answer
   */
  boolean awaitReady() throws InterruptedException {
    long lastSign = System.nanoTime();
    long lastNote = lastSign;
    while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
      RedisProbe.Answer answer = RedisProbe.ping(port(), password());
      long now = System.nanoTime();
      if (answer == RedisProbe.Answer.READY) {
        return true;
      }
      if (answer == RedisProbe.Answer.LOADING) {
        lastSign = now;
        if (now - lastNote >= LOADING_NOTE_INTERVAL.toNanos()) {
          lastNote = now;
          LOG.infof("The embedded Redis is loading its data; its log: %s", log);
        }
      } else if (now - lastSign >= TIMEOUT.toNanos()) {
        throw new EmbeddedRedisException("The embedded Redis does not answer. " + logTail());
      }
    }
    String tail = logTail();
    if (tail.contains("Failed listening on port")) {
      return false;
    }
    throw new EmbeddedRedisException(
        "The embedded Redis ended with code " + process.exitValue() + ". " + tail);
  }

  /** Sends SIGTERM, and SIGKILL if it is not gone in time. */
  void end(Duration timeout) {
    if (!stop(timeout)) {
      process.toHandle().destroyForcibly();
      process.onExit().join();
    }
  }

  /** Sends SIGTERM, and waits. Returns whether the process is gone. */
  boolean stop(Duration timeout) {
    // Process.destroy would close the pipe as well, by which a bound server hears of our end.
    process.toHandle().destroy();
    boolean interrupted = false;
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Process spawn(DataDirectory directory, Path executable, Path confFile) {
    Path log = directory.log();
    List<String> command = new ArrayList<>();
    SETSID.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(p -> command.add(p.toString()));
    command.addAll(
        BoundServer.command(
            directory.leftovers(),
            directory.path(),
            List.of(executable.toString(), confFile.toString())));
    try {
      directory.beginLog();
      return new ProcessBuilder(command)
          .directory(directory.path().toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new EmbeddedRedisException("Cannot start " + executable + ": " + e.getMessage(), e);
    }
  }

  private static String realPath(Path executable) {
    try {
      return executable.toRealPath().toString();
    } catch (IOException e) {
      throw new EmbeddedRedisException("Cannot start " + executable + ": " + e.getMessage(), e);
    }
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** With which code it ended, and the last lines that it wrote, as one. */
  String ending() {
    List<String> lines =
        logTail()
            .lines()
            .skip(1)
            .filter(line -> !line.isBlank())
            .map(line -> PREFIX.matcher(line).replaceFirst(""))
            .toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    return "with code %d, and said last: %s"
        .formatted(process.exitValue(), String.join(" | ", last));
  }

  private String logTail() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
      int from = Math.max(0, lines.size() - TAIL_LINES);
      return "The end of " + log + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "Its log cannot be read: " + e;
    }
  }
}
