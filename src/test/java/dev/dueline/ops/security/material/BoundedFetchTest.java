package dev.dueline.ops.security.material;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sources that do not end as they should: the fetch does, and with it the connection. */
class BoundedFetchTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final int MAX_BYTES = 1_000;

  private static final Duration LONG = Duration.ofMinutes(1);

  /** Where the deadline is not what ends a fetch. */
  private final BoundedFetch patient = new BoundedFetch(LONG, MAX_BYTES);

  /** Where it is. */
  private final BoundedFetch hasty = new BoundedFetch(Duration.ofMillis(500), MAX_BYTES);

  private ServerSocket source;

  @BeforeEach
  void listen() throws IOException {
    source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    source.close();
  }

  @Test
  void anAnswerComesAsItIs() throws Exception {
    CompletableFuture<Void> ended = answerKeys();
    assertThat(patient.get(address())).asString().isEqualTo("keys");
    source.close();
    assertThat(ended).isNotCompletedExceptionally();
  }

  private CompletableFuture<Void> answerKeys() {
    return answer(OK + "Content-Length: 4\r\n\r\nkeys", "", 0);
  }

  @Test
  void aBodyThatDripsEndsAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline(OK + "Content-Length: 500\r\n\r\n", "a");
  }

  @Test
  void headersThatDripEndAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline(OK, "a: b\r\n");
  }

  @Test
  void silenceEndsAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline("", "");
  }

  @Test
  void aBodyThatNeverEndsStopsAtTheLimit() throws Exception {
    assertEnds(OK + "\r\n", "a".repeat(500), "more than 1000 bytes");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    assertEnds(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        "a",
        "status 302, a redirect");
  }

  /** And the next fetch is as good as ever. */
  private void assertEnds(String head, String drip, String message) throws Exception {
    assertEnds(patient, head, drip, message);
    anAnswerComesAsItIs();
  }

  /** And the next fetch is as good as ever, if it is made in time. */
  private void assertEndsAtTheDeadline(String head, String drip) throws Exception {
    assertEnds(hasty, head, drip, "as a whole within");
    await()
        .atMost(LONG)
        .ignoreException(IOException.class)
        .until(
            () -> {
              var unused = answerKeys();
              return new String(hasty.get(address()), US_ASCII).equals("keys");
            });
  }

  private void assertEnds(BoundedFetch fetch, String head, String drip, String message)
      throws Exception {
    CompletableFuture<Void> ended = answer(head, drip, 10);
    assertThatThrownBy(() -> fetch.get(address()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + source.getLocalPort() + "/jwks");
  }

  /** Takes one connection, drips into it, and completes once the client has ended it. */
  private CompletableFuture<Void> answer(String head, String drip, int everyMs) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = source.accept()) {
            int first = client.getInputStream().read();
            OutputStream out = client.getOutputStream();
            out.write(head.getBytes(US_ASCII));
            if (drip.isEmpty()) {
              // The rest of the request, and then the end.
              client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            while (!drip.isEmpty() && first >= 0) {
              out.write(drip.getBytes(US_ASCII));
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(everyMs));
            }
          } catch (IOException e) {
            // The client has gone.
            return;
          }
        },
        task -> {
          Thread thread = new Thread(task, "source");
          thread.setDaemon(true);
          thread.start();
        });
  }
}
