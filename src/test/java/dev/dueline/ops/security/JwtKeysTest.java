package dev.dueline.ops.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.dueline.ops.security.material.ReloadRecord;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.security.callers.TestCertificates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys at an https address, for which an authority of our own vouches. */
class JwtKeysTest {
  @TempDir private static Path authorities;
  private static TestCertificates ours;

  private final ReloadRecord record =
      ReloadRecord.of("Keys", "jwt-keys", new SimpleMeterRegistry());

  @TempDir private Path scratch;
  private @Nullable HttpsServer issuer;

  @BeforeAll
  static void issue() throws Exception {
    ours = new TestCertificates(Files.createDirectory(authorities.resolve("ours")));
    ours.issue("issuer");
  }

  @AfterEach
  void stop() {
    if (issuer != null) {
      issuer.stop(0);
    }
  }

  @Test
  void areMissingWithAReasonUntilTheyCanBeFetched() throws Exception {
    int port = LoopbackPort.free();
    JwtKeys keys = JwtKeys.of(address(port), Optional.of(ours.authority()), record);
    assertThat(keys.missing()).hasValueSatisfying(why -> assertThat(why).contains(address(port)));
    assertThat(keys.look()).isFalse();

    start(port);
    assertThat(keys.look()).isTrue();
    assertThat(keys.missing()).isEmpty();
    assertThat(keys.current()).hasSize(1);

    stop();
    assertThat(keys.look()).isFalse();
    assertThat(keys.missing()).as("while old ones hold").isEmpty();
    assertThat(record.isFailing()).isTrue();
  }

  @Test
  void areTakenOnlyByTheAuthorityOfTheFileWhichMayBeReplaced() throws Exception {
    TestCertificates others =
        new TestCertificates(Files.createDirectory(scratch.resolve("others")));
    Path ca = Files.copy(others.authority(), scratch.resolve("ca.pem"));
    int port = LoopbackPort.free();
    start(port);
    JwtKeys keys = JwtKeys.of(address(port), Optional.of(ca), record);
    assertThat(keys.missing()).hasValueSatisfying(why -> assertThat(why).contains("PKIX path"));
    assertThat(JwtKeys.of(address(port), Optional.empty(), record).missing())
        .as("by those that Java trusts")
        .isPresent();

    Files.copy(ours.authority(), ca, StandardCopyOption.REPLACE_EXISTING);
    assertThat(keys.look()).isTrue();
    assertThat(keys.missing()).isEmpty();
  }

  @Test
  void anAuthorityThatCannotBeReadOrIsOfNoUseIsRefused() throws IOException {
    Path none = scratch.resolve("none.pem");
    Path empty = Files.createFile(scratch.resolve("empty.pem"));
    assertThatThrownBy(() -> JwtKeys.of("https://localhost:1/", Optional.of(none), record))
        .isInstanceOf(UnsafeSettingException.class)
        .hasMessageContaining("keys-ca")
        .hasMessageContaining("is not there");
    assertThatThrownBy(() -> JwtKeys.of("https://localhost:1/", Optional.of(empty), record))
        .isInstanceOf(UnsafeSettingException.class)
        .hasMessageContaining("has no certificate");
    assertThatThrownBy(() -> JwtKeys.of("/keys.pem", Optional.of(empty), record))
        .isInstanceOf(UnsafeSettingException.class)
        .hasMessageContaining("unset it");
  }

  private void start(int port) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(ours.chain("issuer"), ours.password().toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    String key =
        EcJwkGenerator.generateJwk(EllipticCurves.P256).toJson(OutputControlLevel.PUBLIC_ONLY);
    byte[] body = ("{\"keys\":[" + key + "]}").getBytes(UTF_8);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/jwks",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    issuer = server;
  }

  private static String address(int port) {
    return "https://localhost:" + port + "/jwks";
  }
}
