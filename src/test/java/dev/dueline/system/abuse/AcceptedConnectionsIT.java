package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.abuse.gauge.Footprint;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that wait for a service are accepted no faster than it counts them: many come while
 * it stands still, and all at once when it goes on.
 */
class AcceptedConnectionsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Duration OFTEN = Duration.ofMillis(5);

  /** Fewer than wait in the backlog of a port. */
  private static final int CONNECTIONS = 2_000;

  /** Beyond those that there may be, by docs/security.md. */
  private static final int AHEAD = 64;

  private static final int CONSOLE_PORT = LoopbackPort.free();
  private static ServiceProcess service;

  private final List<SocketChannel> connections = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path directory) {
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            "dueline.console.enabled=true",
            "dueline.console.port=" + CONSOLE_PORT);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @AfterEach
  void hangUp() throws IOException {
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }

  @Test
  void ofTheManagementPort() throws IOException {
    areBounded(service.managementPort(), 64);
  }

  @Test
  void ofTheConsole() throws IOException {
    areBounded(CONSOLE_PORT, 128);
  }

  private void areBounded(int port, int limit) throws IOException {
    awaitProbe();
    long before = Footprint.files(service);
    service.stop();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        connect(port);
      }
    } finally {
      service.resume();
    }
    CompletableFuture<Void> probe = CompletableFuture.runAsync(AcceptedConnectionsIT::awaitProbe);
    AtomicLong most = new AtomicLong();
    await("the end of those that are too many")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(OFTEN)
        .until(
            () -> {
              most.accumulateAndGet(Footprint.files(service), Math::max);
              return connections.stream().filter(this::isOver).count() >= CONNECTIONS - limit;
            });
    probe.join();
    assertThat(most.get() - before)
        .as("descriptors that connections took")
        .isLessThanOrEqualTo(limit + AHEAD + Bounds.FILES);
  }

  /** A probe tries again, too. */
  private static void awaitProbe() {
    await("an answer to a probe")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .until(
            () -> ManagementPage.get(service.managementPort(), "/q/health/live").status() == 200);
  }

  /** From an address of its own; does not wait to be let in. */
  private void connect(int port) throws IOException {
    SocketChannel connection = SocketChannel.open();
    connections.add(connection);
    connection.configureBlocking(false);
    connection.bind(new InetSocketAddress("127.0.0.2", 0));
    connection.connect(new InetSocketAddress("127.0.0.1", port));
  }

  private boolean isOver(SocketChannel connection) {
    try {
      return connection.finishConnect() && connection.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
