package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console over its own TLS: who has a certificate needs no token. */
class ConsoleTlsIT {
  private static final String TOKEN = "token-of-a-test";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static TestCertificates certificates;
  private static TestCertificates others;
  private static ServiceProcess service;
  private static int port;

  @BeforeAll
  static void start(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
    certificates = new TestCertificates(directory);
    certificates.issue("server");
    certificates.issue("ann");
    certificates.issue("nobody");
    others = new TestCertificates(elsewhere);
    others.issue("ann");
    port = LoopbackPort.free();
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            // A slow machine is not what is tested.
            "dueline.store.timeout=30s",
            "dueline.tls.certificate=" + certificates.certificate("server"),
            "dueline.tls.key=" + certificates.key("server"),
            "dueline.tls.client-ca=" + certificates.authority(),
            "dueline.tls.client-auth=optional",
            "dueline.console.enabled=true",
            "dueline.console.port=" + port,
            "dueline.console.tls=true",
            "dueline.security.principals.\"ann by certificate\".certificates=cn:ann",
            "dueline.security.principals.\"ann by certificate\".read=*",
            "dueline.security.principals.\"bob by token\".token-sha256=" + Tokens.hash(TOKEN),
            "dueline.security.principals.\"bob by token\".read=*");
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @Test
  void whoHasACertificateIsKnownByIt() throws Exception {
    HttpResponse<String> page = get(client(certificates.chain("ann")), "https", "");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("ann by certificate");
    assertThat(service.log()).contains("The console is on https://127.0.0.1:" + port);
  }

  @Test
  void whoHasNoneOrOneOfNobodySignsIn() throws Exception {
    assertThat(get(client(certificates.chain("nobody")), "https", "").statusCode()).isEqualTo(303);
    HttpClient without = client(null);
    assertThat(get(without, "https", "").statusCode()).isEqualTo(303);
    HttpRequest form =
        request("https", "/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", "https://127.0.0.1:" + port)
            .POST(BodyPublishers.ofString("token=" + TOKEN))
            .build();
    String cookie =
        without.send(form, BodyHandlers.ofString()).headers().firstValue("Set-Cookie").orElse("");
    assertThat(cookie).contains("Secure", "HTTPOnly", "SameSite=Strict");
    assertThat(get(without, "https", cookie.split(";", 2)[0]).body()).contains("bob by token");
  }

  @Test
  void aCookieThatHoldsNoLongerLeavesTheCertificate() throws Exception {
    HttpResponse<String> page = get(client(certificates.chain("ann")), "https", "dueline=old");
    assertThat(page.body()).contains("ann by certificate");
  }

  @Test
  void certificatesOfOtherAuthoritiesAndPlainRequestsAreRefused() throws Exception {
    HttpClient foreign = client(others.chain("ann"));
    assertThatThrownBy(() -> get(foreign, "https", "")).isInstanceOf(IOException.class);
    HttpClient plain = client(null);
    assertThatThrownBy(() -> get(plain, "http", "")).isInstanceOf(IOException.class);
  }

  @Test
  void withoutACertificateOfItsOwnTheStartSaysWhatToSet(@TempDir Path data) {
    assertThat(
            ServiceProcess.refused(
                    "dueline.embedded.data-dir=" + data,
                    "dueline.console.enabled=true",
                    "dueline.console.port=0",
                    "dueline.console.tls=true")
                .log())
        .contains("dueline.console.tls=true needs dueline.tls.certificate and dueline.tls.key");
  }

  private static HttpResponse<String> get(HttpClient client, String scheme, String cookie)
      throws IOException, InterruptedException {
    return client.send(
        request(scheme, "/").header("Cookie", cookie).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String scheme, String path) {
    return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
        .timeout(TIMEOUT);
  }

  /** One that trusts the authority, with or without a certificate. */
  private static HttpClient client(@Nullable KeyStore own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "ca", certificates.chain("server").getCertificateChain("server")[1]);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManager[] keys = null;
    if (own != null) {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own, certificates.password().toCharArray());
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    // Browsers would speak HTTP/2 if it was offered.
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(context).build();
  }
}
