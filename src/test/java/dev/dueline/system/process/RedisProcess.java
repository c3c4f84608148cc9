package dev.dueline.system.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A real {@code redis-server} child on 127.0.0.1 that keeps nothing on disk: the one of the class
 * path, or that of {@code -Ddueline.test.redis-server=/path}.
 */
public final class RedisProcess implements AutoCloseable {
  private static final String VERSION = "7.0.15";

  private final Process process;
  private final int port;

  private RedisProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a server on a free port and waits until it accepts connections. */
  public static RedisProcess start() {
    try {
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.add(binary().toString());
      command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
      command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      awaitReady(process);
      return new RedisProcess(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static void awaitReady(Process process) throws IOException {
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("Ready to accept connections")) {
        Thread drain = new Thread(() -> log.lines().forEach(ignored -> {}), "redis log");
        drain.setDaemon(true);
        drain.start();
        return;
      }
    }
    throw new IOException("redis-server ended: " + said);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * The server to test with: {@code dueline.test.redis-server}, or the embedded one for this
   * machine, written to {@code target} once.
   */
  public static synchronized Path binary() {
    String given = System.getProperty("dueline.test.redis-server");
    try {
      return given == null ? written() : Path.of(given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path written() throws IOException {
    String name = "redis-server-" + VERSION + "-" + platform();
    Path binary = Path.of("target", "redis-server", name).toAbsolutePath();
    if (!Files.isExecutable(binary)) {
      Files.createDirectories(binary.getParent());
      Path written = Files.createTempFile(binary.getParent(), name, ".part");
      try (InputStream in = RedisProcess.class.getResourceAsStream("/" + name)) {
        if (in == null) {
          throw new IOException("not on the class path: " + name);
        }
        Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!written.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + written);
      }
      Files.move(written, binary, StandardCopyOption.ATOMIC_MOVE);
    }
    return binary;
  }

  private static String platform() {
    boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    return (isMac ? "darwin-" : "linux-") + processor;
  }
}
