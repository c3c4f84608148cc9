package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.ClientHello;
import dev.dueline.system.abuse.wire.RawHttp2;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** What can be done to a port that speaks TLS, before a call and beneath HTTP/2. */
final class TlsAttacks {
  /** Fewer than the descriptors that a process may have here. */
  private static final int CONNECTIONS = 4_000;

  private static final int THREADS = 8;
  private static final int ADDRESSES = 40;

  /** That of the first of several addresses. */
  private static final int FIRST_HOST = 10;

  /** The largest message of a handshake that the JDK takes. */
  private static final int LARGEST = 32 << 10;

  /** The largest length that the head of a record can tell. */
  private static final int LARGEST_RECORD = 0xFFFF;

  private static final int DRIP_MS = 5;

  private TlsAttacks() {}

  static List<Attack> all() {
    byte[] hello = ClientHello.sound();
    return List.of(
        Attack.of("tls: 32 KiB of a ClientHello", attacker -> hold(attacker, large())),
        Attack.of("handshakes: opened and closed", attacker -> handshakes(attacker, "TLSv1.3")),
        Attack.of(
            "tls: half a ClientHello",
            attacker -> hold(attacker, Arrays.copyOf(hello, hello.length / 2))),
        Attack.of("tls: a ClientHello and no more", attacker -> hold(attacker, hello)),
        Attack.of("tls: HTTP/2 in the clear", attacker -> hold(attacker, RawHttp2.PREFACE)),
        Attack.of("tls: a large record that drips", TlsAttacks::drip),
        Attack.of("handshakes: TLS 1.2", attacker -> handshakes(attacker, "TLSv1.2")),
        again("handshakes: renegotiated, TLS 1.2", "TLSv1.2"),
        again("handshakes: key updates, TLS 1.3", "TLSv1.3"));
  }

  private static byte[] large() {
    return ClientHello.incomplete(LARGEST);
  }

  /** As many connections as can be had, with the beginning of something on each. */
  private static void hold(Attacker attacker, byte[] begun) throws InterruptedException {
    for (int i = 0; i < CONNECTIONS && !attacker.isOver(); i++) {
      try {
        Socket socket = attacker.socketFrom(FIRST_HOST + i % ADDRESSES);
        socket.getOutputStream().write(begun);
        attacker.counts().add("opened");
      } catch (IOException e) {
        attacker.counts().add("refused");
        Thread.sleep(2);
      }
    }
  }

  /** A byte at a time on each of many connections. */
  private static void drip(Attacker attacker) throws InterruptedException {
    byte[] zeros = new byte[256];
    attacker.inParallel(
        CONNECTIONS / ADDRESSES,
        () -> {
          while (!attacker.isOver()) {
            Socket socket = attacker.socketFrom(attacker.host());
            try {
              socket.getOutputStream().write(ClientHello.head(LARGEST_RECORD));
              while (!attacker.isOver()) {
                socket.getOutputStream().write(zeros);
                Thread.sleep(DRIP_MS);
              }
            } catch (IOException e) {
              attacker.counts().add("cut");
              attacker.release(socket);
            }
          }
        });
  }

  /** Complete ones, none of which resumes another's session, as fast as they come. */
  private static void handshakes(Attacker attacker, String version) {
    attacker.inParallel(
        THREADS,
        () -> {
          while (!attacker.isOver()) {
            Socket socket = null;
            try {
              socket = handshake(attacker, version);
              attacker.counts().add("shaken");
            } catch (IOException e) {
              attacker.counts().add("refused");
              Thread.sleep(2);
            } finally {
              if (socket != null) {
                attacker.release(socket);
              }
            }
          }
        });
  }

  /** Another handshake on the same connection, or what came in its place with TLS 1.3. */
  private static Attack again(String name, String version) {
    return Attack.of(
            name,
            attacker ->
                attacker.inParallel(
                    THREADS,
                    () -> {
                      while (!attacker.isOver()) {
                        repeat(attacker, handshake(attacker, version));
                      }
                    }))
        .until("connection GOAWAY ENHANCE_YOUR_CALM");
  }

  private static void repeat(Attacker attacker, SSLSocket socket) throws InterruptedException {
    try (RawHttp2 connection = RawHttp2.over(socket, Set.of(), attacker.counts())) {
      while (!attacker.isOver() && connection.ending().isEmpty()) {
        socket.startHandshake();
        attacker.counts().add("repeated");
      }
    } catch (IOException e) {
      attacker.counts().add("cut");
      Thread.sleep(2);
    } finally {
      attacker.release(socket);
    }
  }

  private static SSLSocket handshake(Attacker attacker, String version) throws IOException {
    Socket plain = attacker.socketFrom(attacker.host());
    try {
      SSLSocket socket =
          (SSLSocket)
              context()
                  .getSocketFactory()
                  .createSocket(plain, "127.0.0.1", attacker.target().port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      parameters.setProtocols(new String[] {version});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      attacker.release(plain);
      throw e;
    }
  }

  /** Trusts whoever it attacks, and knows no session. */
  private static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
