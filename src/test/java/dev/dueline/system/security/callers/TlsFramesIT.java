package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.wire.FrameType;
import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.process.ServiceProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that carry nothing are counted within TLS as they are without. */
class TlsFramesIT {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int TIMEOUT_MS = 60_000;
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
            "dueline.limits.empty-frames-per-connection=100",
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
    try (SSLSocket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(RawHttp2.PREFACE);
      out.write(new Frames().add(FrameType.SETTINGS, FrameType.NO_FLAGS, 0, new byte[0]).toBytes());
      out.write(Frames.repeated(FrameType.PING, FrameType.NO_FLAGS, 0, PING));
      out.flush();
      assertThat(goAway(new DataInputStream(socket.getInputStream()))).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  /** The code of the GOAWAY that the service sends after whatever else. */
  private static int goAway(DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      in.skipNBytes(5);
      byte[] payload = in.readNBytes(length);
      if (type == FrameType.GOAWAY) {
        return payload[7];
      }
    }
  }

  private static SSLSocket connect() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var pem = Files.newInputStream(certificates.authority())) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", service.port());
    socket.setSoTimeout(TIMEOUT_MS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    return socket;
  }
}
