package dev.dueline.system.security.callers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source of keys that drips for ever holds up no certificate, and fails in one line. */
class ReloadFailuresIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String FAILURES = "dueline_reload_failures_total";

  @TempDir private Path scratch;

  @Test
  void certificatesAreReplacedWhileKeysAreFetched() throws Exception {
    TestCertificates certificates = new TestCertificates(scratch);
    certificates.issue("server");
    certificates.issue("next");
    try (DrippingSource source = new DrippingSource();
        ServiceProcess service =
            ServiceProcess.start(
                "dueline.embedded.data-dir=" + scratch.resolve("data"),
                "dueline.tls.certificate=" + certificates.certificate("server"),
                "dueline.tls.key=" + certificates.key("server"),
                "dueline.tls.reload-interval=100ms",
                "dueline.security.jwt.issuer=https://issuer.example",
                "dueline.security.jwt.audience=dueline",
                "dueline.security.jwt.keys=" + source.address(),
                "dueline.security.jwt.reload-interval=1ms")) {
      int begun = source.begun.get();
      Files.writeString(certificates.certificate("server"), "broken");
      // If certificates waited for keys, one look at them would go with each fetch.
      await("more failures than fetches")
          .atMost(TIMEOUT)
          .until(() -> failures(service, "certificates") > 2 + 3 * (source.begun.get() - begun));
      TestCertificates.replace(certificates.key("next"), certificates.key("server"));
      TestCertificates.replace(
          certificates.certificate("next"), certificates.certificate("server"));
      await("the next certificate")
          .atMost(TIMEOUT)
          .until(() -> service.log().contains("The TLS files can be used again"));
      await("its failure").atMost(TIMEOUT).until(() -> failures(service, "jwt-keys") > 1);
      assertThat(service.log().lines().filter(line -> line.contains("cannot be used")))
          .as("a line for each change, whatever the number of failures")
          .satisfiesOnlyOnce(line -> assertThat(line).contains("JSON Web Tokens"))
          .hasSizeLessThanOrEqualTo(3);
    }
  }

  private static double failures(ServiceProcess service, String what) {
    return ManagementPage.metrics(service)
        .text()
        .lines()
        .filter(line -> line.startsWith(FAILURES + "{") && line.contains(what))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Answers by HTTP, a byte each 100 ms and never all of them. */
  private static final class DrippingSource implements AutoCloseable {
    final AtomicInteger begun = new AtomicInteger();
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    DrippingSource() throws IOException {
      run(this::accept);
    }

    String address() {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/jwks";
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          Socket client = socket.accept();
          begun.incrementAndGet();
          run(() -> drip(client));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void drip(Socket client) {
      try (client) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(US_ASCII));
        while (true) {
          client.getOutputStream().write(' ');
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
      } catch (IOException e) {
        // The service has ended it.
        return;
      }
    }

    private static void run(Runnable task) {
      Thread thread = new Thread(task, "source");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
