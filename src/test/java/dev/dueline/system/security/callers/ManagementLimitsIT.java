package dev.dueline.system.security.callers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the management port that never get done, ask too much, or are too many. */
class ManagementLimitsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String GET = "GET /q/health/live HTTP/1.1\r\nHost: a\r\n";

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path directory) {
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            "dueline.management.request-timeout=1s",
            "quarkus.management.idle-timeout=1s",
            "quarkus.management.limits.max-connections=8");
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /q/he", GET, "PRI * HTTP/2.0\r\n\r\n"})
  void aRequestThatIsNotFinishedEnds(String begun) throws IOException {
    try (Socket client = connect()) {
      send(client, begun);
      assertThat(rest(client)).doesNotContain("200 OK");
    }
  }

  @Test
  void aRequestThatDripsEnds() throws IOException {
    try (Socket client = connect()) {
      send(client, GET);
      await("the end of the connection")
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !hasTaken(client, "a: b\r\n"));
    }
  }

  @Test
  void aConnectionThatAsksNothingMoreEnds() {
    assertThat(answer(GET + "\r\n")).startsWith("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
  void aBodyIsRefused(String header) {
    assertThat(answer(GET + header + "\r\n\r\n")).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void headersBeyondTheLimitAreRefused() {
    assertThat(answer(GET + "a: " + "b".repeat(16_000) + "\r\n\r\n")).contains(" 431 ");
    assertThat(answer("GET /" + "b".repeat(16_000) + " HTTP/1.1\r\n\r\n")).contains(" 414 ");
  }

  @Test
  void http2IsNotSpoken() {
    String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    assertThat(answer(GET + upgrade + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .doesNotContain("101 ");
  }

  @Test
  void requestsThatDoNotWaitForAnswersEndTheConnection() throws IOException {
    try (Socket client = connect()) {
      send(client, (GET + "\r\n").repeat(100));
      assertThat(rest(client).split("HTTP/1.1 ", -1)).hasSizeLessThan(50);
    }
  }

  @Test
  void moreConnectionsThanAllowedEndTheIdleOnes() throws IOException {
    List<Socket> clients = new ArrayList<>();
    int answered = 0;
    try {
      for (int i = 0; i < 100; i++) {
        clients.add(connect());
        int status = ManagementPage.get(service.managementPort(), "/q/health/live").status();
        answered += status == 200 ? 1 : 0;
      }
      // A machine that stands still costs the one that asks just then; too many would cost all.
      assertThat(answered).isGreaterThan(95);
      assertThat(rest(clients.get(0))).isEmpty();
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  /**
   * The answer to a request on a connection of its own: on the next one where none came, as the
   * machine may stand still for longer than a request may take.
   */
  private static String answer(String request) {
    return await("an answer")
        .pollDelay(Duration.ZERO)
        .atMost(TIMEOUT)
        .until(() -> exchange(request), answer -> !answer.isEmpty());
  }

  private static String exchange(String request) throws IOException {
    try (Socket client = connect()) {
      send(client, request);
      return rest(client);
    } catch (SocketException e) {
      // It was ended before it was read.
      return "";
    }
  }

  private static Socket connect() throws IOException {
    Socket client = new Socket("127.0.0.1", service.managementPort());
    client.setSoTimeout((int) TIMEOUT.toMillis());
    return client;
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static boolean hasTaken(Socket client, String text) {
    try {
      send(client, text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** All that comes until the service ends the connection; fails if it does not. */
  private static String rest(Socket client) throws IOException {
    StringBuilder all = new StringBuilder();
    try {
      byte[] some = new byte[8_192];
      for (int n = client.getInputStream().read(some);
          n >= 0;
          n = client.getInputStream().read(some)) {
        all.append(new String(some, 0, n, ISO_8859_1));
      }
    } catch (SocketException e) {
      // A reset ends it, too.
      return all.toString();
    }
    return all.toString();
  }
}
