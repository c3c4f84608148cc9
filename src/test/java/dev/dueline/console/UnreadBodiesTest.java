package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection ends with a refusal that has more to it than a wrong address, or a body unread. */
class UnreadBodiesTest {
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
  private static final String OWN = "Sec-Fetch-Site: same-origin\r\n";
  private static final String ALL = "Authorization: Bearer all\r\n";
  private static final int FAR_TOO_MUCH = 1 << 30;

  private final TestConsole console = TestConsole.guarded();

  @AfterEach
  void stop() {
    console.close();
  }

  @Test
  void aFormThatIsTooLarge() throws IOException {
    assertThat(answer("/schedule", OWN + ALL + FORM, FAR_TOO_MUCH, "x".repeat((1 << 20) + 1)))
        .startsWith("HTTP/1.1 413 ")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void aBodyThatIsNoForm() throws IOException {
    assertThat(answer("/schedule", OWN + ALL, FAR_TOO_MUCH, "x")).startsWith("HTTP/1.1 415 ");
  }

  @Test
  void aBodyFromElsewhere() throws IOException {
    assertThat(answer("/schedule", ALL + FORM, FAR_TOO_MUCH, "")).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aBodyOfWhoIsNotKnown() throws IOException {
    assertThat(answer("/schedule", OWN + FORM, FAR_TOO_MUCH, "")).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void aBodyThatIsNotNeeded() throws IOException {
    assertThat(answer("/logout", OWN + ALL, FAR_TOO_MUCH, "x")).startsWith("HTTP/1.1 303 ");
  }

  @Test
  void aBodyThatHasEnded() throws IOException {
    assertThat(answer("/schedule", OWN + ALL, 1, "x")).startsWith("HTTP/1.1 415 ");
  }

  @Test
  void othersGoOn() throws IOException {
    try (Socket socket = connected()) {
      for (int i = 0; i < 3; i++) {
        send(socket, request("/logout", OWN + ALL, 1) + "x");
        assertThat(head(socket)).startsWith("HTTP/1.1 303 ");
      }
    }
  }

  @Test
  void whoMistypedAnAddressGoesOn() throws IOException {
    try (Socket socket = connected()) {
      for (String path : List.of("/missing", "/static/missing", "/missing")) {
        send(socket, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(path, ALL));
        String head = head(socket);
        assertThat(head).startsWith("HTTP/1.1 404 ").doesNotContainIgnoringCase("connection:");
        int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
      }
    }
  }

  @Test
  void aFormForAWrongAddress() throws IOException {
    assertThat(answer("/missing", OWN + ALL + FORM, FAR_TOO_MUCH, "x"))
        .startsWith("HTTP/1.1 404 ")
        .containsIgnoringCase("connection: close");
  }

  /** All that comes until the other side ends the connection. */
  private String answer(String path, String headers, int length, String sent) throws IOException {
    try (Socket socket = connected()) {
      send(socket, request(path, headers, length) + sent);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String request(String path, String headers, int length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
        .formatted(path, headers, length);
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket("127.0.0.1", console.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** What comes before the body. */
  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("the connection goes on after %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }
}
