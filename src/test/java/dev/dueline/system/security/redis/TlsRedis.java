package dev.dueline.system.security.redis;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.RedisServer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The machine's own {@code redis-server}, on TLS only, and what its administrator sees of it. */
public final class TlsRedis implements AutoCloseable {
  /** The certificate of those who signed the server's. */
  public static final Path TRUSTED = Path.of("src/test/resources/tls/ca.pem").toAbsolutePath();

  private static final Path CERTIFICATE =
      Path.of("src/test/resources/tls/redis-cert.pem").toAbsolutePath();
  private static final Path KEY = Path.of("src/test/resources/tls/redis-key.pem").toAbsolutePath();
  private static final String ADMIN = "admin";

  private final int port;
  private final Process process;
  private final RedisCommands admin;

  private TlsRedis(int port, Process process) {
    this.port = port;
    this.process = process;
    RedisOptions options =
        new RedisOptions().setConnectionString(uri(ADMIN, ADMIN)).setMaxPoolSize(1);
    options
        .getNetClientOptions()
        .setTrustOptions(new PemTrustOptions().addCertPath(TRUSTED.toString()))
        .setHostnameVerificationAlgorithm("HTTPS");
    this.admin = new RedisCommands(options);
  }

  /** Starts it with these users; aborts the test where there is none that knows TLS. */
  public static TlsRedis start(Path directory, List<String> users) throws IOException {
    int port = LoopbackPort.free();
    List<String> lines = new ArrayList<>();
    lines.addAll(List.of("bind 127.0.0.1", "port 0", "tls-port " + port, "tls-auth-clients no"));
    lines.addAll(List.of("tls-cert-file " + CERTIFICATE, "tls-key-file " + KEY));
    lines.addAll(List.of("tls-ca-cert-file " + TRUSTED, "dir " + directory.toAbsolutePath()));
    lines.addAll(List.of("save \"\"", "appendonly yes", "appendfsync no"));
    lines.addAll(users);
    lines.add("user " + ADMIN + " on >" + ADMIN + " allkeys allchannels +@all");
    RedisServer.write(directory, lines);
    Path log = directory.resolve("redis.log");
    Process process = launch(directory);
    Awaitility.await("redis-server to start or to end")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !process.isAlive() || Files.readString(log).contains("Ready to accept"));
    if (!process.isAlive()) {
      String said = Files.readString(log);
      boolean knowsTls = !said.contains("tls-port") && !said.contains("Failed to configure TLS");
      Assumptions.assumeTrue(knowsTls, "the redis-server on the PATH knows no TLS: " + said);
      throw new IOException("redis-server ended: " + said);
    }
    return new TlsRedis(port, process);
  }

  private static Process launch(Path directory) {
    try {
      return RedisServer.launch("redis-server", directory, List.of());
    } catch (IOException e) {
      return Assumptions.abort("no redis-server on the PATH, and the one in the jar knows no TLS");
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Where it is, for a user. */
  String uri(String user, String password) {
    return "rediss://" + user + ":" + password + "@localhost:" + port;
  }

  Response call(String command, String... arguments) throws Exception {
    return admin.call(command, arguments);
  }

  /** All that was refused to anybody, an entry a line. */
  List<String> refused() throws Exception {
    return replies(call("ACL", "LOG")).map(Response::toString).toList();
  }

  /** All commands that were said since the start, by scripts too, in lower case. */
  List<String> said() throws Exception {
    return call("INFO", "commandstats")
        .toString()
        .lines()
        .filter(line -> line.startsWith("cmdstat_"))
        .map(line -> line.substring("cmdstat_".length(), line.indexOf(':')))
        .toList();
  }

  private static Stream<Response> replies(Response list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  @Override
  public void close() {
    admin.close();
    process.destroyForcibly().onExit().join();
  }
}
