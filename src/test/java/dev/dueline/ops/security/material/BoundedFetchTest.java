package dev.dueline.ops.security.material;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that do not end as they should: the fetch does, and with it the connection. */
class BoundedFetchTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

  /** Written at once. */
  private static final int FLOOD_BYTES = 16 << 10;

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
    ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
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
  void aServerIsToldTheNameOfItsHostWithoutADot() throws Exception {
    CompletableFuture<String> hello =
        CompletableFuture.supplyAsync(
            () -> {
              try (Socket client = source.accept()) {
                byte[] record = new byte[4 << 10];
                int length = client.getInputStream().read(record);
                return new String(record, 0, Math.max(0, length), ISO_8859_1);
              } catch (IOException e) {
                return "";
              }
            });
    URI address = URI.create("https://localhost:" + source.getLocalPort() + "/jwks");
    assertThatThrownBy(() -> patient.get(address)).isInstanceOf(IOException.class);
    assertThat(hello.get(LONG.toSeconds(), TimeUnit.SECONDS)).contains("localhost");
  }

  @Test
  void trailersThatDripEndAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline(OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "a: b\r\n");
  }

  @Test
  void theLengthOfAPartThatDripsEndsAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline(OK + "Transfer-Encoding: chunked\r\n\r\n4;", "a");
  }

  @Test
  void silenceEndsAtTheDeadline() throws Exception {
    assertEndsAtTheDeadline("", "");
  }

  @Test
  void aBodyThatNeverEndsStopsAtTheLimit() throws Exception {
    assertEnds(OK + "\r\n", "a".repeat(500), "more than 1000 bytes");
  }

  static Stream<Arguments> endless() {
    return Stream.of(
        arguments("fields", OK, "a: b\r\n"),
        arguments("a field", OK + "a: ", "b"),
        arguments("the name of a field", OK, "b"),
        arguments("lines of a field", OK + "a: b\r\n", " c\r\n"),
        arguments("a status line", "HTTP/1.1 200 ", "O"),
        arguments("interim answers", "", "HTTP/1.1 103 Early Hints\r\n\r\n"),
        arguments("the length of a part", CHUNKED, "0"),
        arguments("the extension of a part", CHUNKED + "1;", "a"),
        arguments("trailers", CHUNKED + "0\r\n", "a: b\r\n"));
  }

  /** Long before the deadline, and with its connection, since a source may do so each time. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("endless")
  void aHeadThatNeverEndsStopsAtTheLimit(String what, String head, String drip) throws Exception {
    CompletableFuture<Void> ended = answer(head, drip.repeat(FLOOD_BYTES / drip.length()), 0);
    assertThatThrownBy(() -> patient.get(address()))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".*cannot be fetched: .*(larger|more) than.*");
    ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aBodyInPartsComesAsAWhole() throws Exception {
    CompletableFuture<Void> ended = answer(CHUNKED + "2\r\nke\r\n2\r\nys\r\n0\r\n\r\n", "", 0);
    assertThat(patient.get(address())).asString().isEqualTo("keys");
    ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aBodyThatEndsTooEarlyIsNone() throws Exception {
    CompletableFuture<Void> ended = answer(OK + "Content-Length: 4\r\n\r\nkey", null, 0);
    assertThatThrownBy(() -> patient.get(address()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended before the answer did");
    ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aProxyIsAskedForTheSource() throws Exception {
    ProxySelector proxies =
        ProxySelector.of(new InetSocketAddress("127.0.0.1", source.getLocalPort()));
    CompletableFuture<String> asked = new CompletableFuture<>();
    Thread proxy = new Thread(() -> proxy(asked), "proxy");
    proxy.start();
    URI issuer = URI.create("http://issuer.invalid/keys?a=b");
    assertThat(new BoundedFetch(LONG, MAX_BYTES, null, proxies).get(issuer))
        .asString()
        .isEqualTo("keys");
    assertThat(asked.get(LONG.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("CONNECT issuer.invalid:80 HTTP/1.1, GET /keys?a=b HTTP/1.1");
    proxy.join();
  }

  private void proxy(CompletableFuture<String> asked) {
    try (Socket client = source.accept()) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      String tunnel = readRequest(in);
      client.getOutputStream().write((OK + "\r\n").getBytes(US_ASCII));
      asked.complete(tunnel + ", " + readRequest(in));
      client.getOutputStream().write((OK + "\r\nkeys").getBytes(US_ASCII));
    } catch (IOException e) {
      asked.completeExceptionally(e);
    }
  }

  /** Its first line. */
  private static String readRequest(BufferedReader in) throws IOException {
    String first = in.readLine();
    String line = first;
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return String.valueOf(first);
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

  /**
   * Takes one connection, drips into it, and completes once the client has ended it; without a drip
   * the source ends it.
   */
  private CompletableFuture<Void> answer(String head, @Nullable String drip, int everyMs) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = source.accept()) {
            int first = client.getInputStream().read();
            OutputStream out = client.getOutputStream();
            out.write(head.getBytes(US_ASCII));
            if (drip == null) {
              return;
            }
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
