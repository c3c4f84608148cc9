package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.abuse.wire.ClientHello;
import dev.dueline.system.abuse.wire.Counts;
import dev.dueline.system.abuse.wire.FrameType;
import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What carries nothing is counted within TLS as it is without, and a handshake must get on. */
class TlsFramesIT {
  private static final int MOST = 100;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final byte[] PING = new byte[8];

  private static TestCertificates certificates;
  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    certificates = new TestCertificates(directory);
    certificates.issue("server");
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            "dueline.limits.empty-frames-per-connection=" + MOST,
            "quarkus.grpc.server.handshake-timeout=5s",
            "dueline.tls.certificate=" + certificates.certificate("server"),
            "dueline.tls.key=" + certificates.key("server"));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @Test
  void aFloodOfPingsEndsItsConnection() throws Exception {
    Frames pings = new Frames();
    for (int i = 0; i < 2 * MOST; i++) {
      pings.add(FrameType.PING, FrameType.NO_FLAGS, 0, PING);
    }
    Counts seen = new Counts();
    try (RawHttp2 connection = RawHttp2.over(connect(), Set.of(Trait.NEVER_ACKS), seen)) {
      connection.write(pings.toBytes());
      await("the end of the connection")
          .atMost(TIMEOUT)
          .until(() -> !connection.ending().isEmpty());
      assertThat(connection.ending()).isEqualTo("GOAWAY ENHANCE_YOUR_CALM");
    }
  }

  @Test
  void halfAHandshakeEnds() throws Exception {
    byte[] hello = ClientHello.sound();
    try (Socket half = RawHttp2.socket(InetAddress.getLoopbackAddress(), service.port());
        Socket unanswered = RawHttp2.socket(InetAddress.getLoopbackAddress(), service.port())) {
      half.getOutputStream().write(hello, 0, hello.length / 2);
      unanswered.getOutputStream().write(hello);
      awaitEnd(half);
      awaitEnd(unanswered);
    }
  }

  private static void awaitEnd(Socket socket) throws IOException {
    socket.setSoTimeout((int) TIMEOUT.toMillis());
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static Socket connect() throws Exception {
    KeyStore store =
        KeyStore.getInstance(certificates.store().toFile(), certificates.password().toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", service.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    return socket;
  }
}
