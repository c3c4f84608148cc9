package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A console that asks nobody who they are answers by no name that another site may have. */
class ForeignNameTest {
  @Test
  void anotherNameIsRefused() throws IOException {
    try (TestConsole console = TestConsole.open()) {
      for (String host :
          new String[] {
            "localhost:1", "127.0.0.1", "10.1.2.3:9091", "[fd00::1]:80", "Jobs.Example"
          }) {
        assertThat(status(console, host)).as(host).isEqualTo("200");
      }
      for (String host :
          new String[] {"evil.example", "127.0.0.1.evil.example", "localhost.evil"}) {
        assertThat(status(console, host)).as(host).isEqualTo("421");
      }
    }
  }

  private static String status(TestConsole console, String host) throws IOException {
    try (Socket connection = new Socket("127.0.0.1", console.port())) {
      String request = "GET /login HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] line = connection.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length());
    }
  }
}
