package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom others vouch for: their keys and authorities change without a restart. */
class RotationIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final PullDueRequest PULL = PullDueRequest.newBuilder().addQueues("q").build();

  @TempDir private Path scratch;

  @Test
  void keysOfWebTokensAreFetchedByHttpsAndFetchedAgain() throws Exception {
    TestCertificates certificates = new TestCertificates(scratch);
    certificates.issue("issuer");
    RsaJsonWebKey first = key("first");
    RsaJsonWebKey second = key("second");
    Path jwks = Files.writeString(scratch.resolve("jwks"), set(first));
    HttpsServer issuer = issuer(certificates, jwks);
    try (ServiceProcess service =
        ServiceProcess.start(
            "dueline.security.jwt.keys-ca=" + certificates.authority(),
            "dueline.embedded.data-dir=" + scratch.resolve("data"),
            "dueline.security.jwt.issuer=https://issuer.example",
            "dueline.security.jwt.audience=dueline",
            "dueline.security.jwt.keys=https://localhost:"
                + issuer.getAddress().getPort()
                + "/jwks",
            "dueline.security.jwt.reload-interval=100ms",
            "dueline.store.timeout=30s",
            // A key is asked for until it holds, which here may take many failures.
            "dueline.limits.failed-authentications-per-address=1000000")) {
      await("the first key").atMost(TIMEOUT).until(() -> mayPull(service, first));
      assertThat(mayPull(service, second)).isFalse();
      Files.writeString(jwks, set(first, second));
      await("the second key").atMost(TIMEOUT).until(() -> mayPull(service, second));
      assertThat(mayPull(service, first)).isTrue();
      Files.writeString(jwks, set(second));
      await("the first key to be gone").atMost(TIMEOUT).until(() -> !mayPull(service, first));
      issuer.stop(0);
      await("a word of it").atMost(TIMEOUT).until(() -> service.log().contains("old ones hold"));
      assertThat(mayPull(service, second)).isTrue();
    } finally {
      issuer.stop(0);
    }
  }

  /** Answers with what a file has. */
  private static HttpsServer issuer(TestCertificates certificates, Path jwks) throws Exception {
    HttpsServer issuer = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    issuer.setHttpsConfigurator(new HttpsConfigurator(tls(certificates)));
    issuer.createContext(
        "/jwks",
        exchange -> {
          byte[] body = Files.readAllBytes(jwks);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    return issuer;
  }

  @Test
  void anotherAuthorityOfClientsIsTrustedOnceItsFileIsThere() throws Exception {
    TestCertificates ours = new TestCertificates(Files.createDirectory(scratch.resolve("ours")));
    ours.issue("server");
    ours.issue("worker");
    TestCertificates next = new TestCertificates(Files.createDirectory(scratch.resolve("next")));
    next.issue("worker");
    Path authority = Files.copy(ours.authority(), scratch.resolve("clients.pem"));
    try (ServiceProcess service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + scratch.resolve("data"),
            "dueline.tls.certificate=" + ours.certificate("server"),
            "dueline.tls.key=" + ours.key("server"),
            "dueline.tls.client-ca=" + authority,
            "dueline.tls.reload-interval=100ms",
            "dueline.store.timeout=30s",
            "dueline.security.principals.\"worker\".certificates=cn:worker",
            "dueline.security.principals.\"worker\".watch=q")) {
      assertThat(code(service, ours, ours)).isEqualTo(Status.Code.OK);
      assertThat(code(service, ours, next)).isEqualTo(Status.Code.UNAVAILABLE);
      TestCertificates.replace(next.authority(), authority);
      await("the next authority")
          .atMost(TIMEOUT)
          .until(() -> code(service, ours, next) == Status.Code.OK);
      assertThat(code(service, ours, ours)).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private static Status.Code code(
      ServiceProcess service, TestCertificates server, TestCertificates client) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", service.port())
            .sslContext(
                GrpcSslContexts.configure(
                        SslContextBuilder.forClient()
                            .trustManager(server.authority().toFile())
                            .keyManager(
                                client.certificate("worker").toFile(),
                                client.key("worker").toFile()),
                        SslProvider.JDK)
                    .build())
            .build();
    try {
      SchedulerServiceGrpc.newBlockingStub(channel)
          .withInterceptors(new RepeatedCalls())
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .pullDue(PULL);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  private static boolean mayPull(ServiceProcess service, RsaJsonWebKey signer) throws Exception {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer("https://issuer.example");
    claims.setAudience("dueline");
    claims.setSubject("someone");
    claims.setExpirationTimeMinutesInTheFuture(5);
    claims.setClaim("dueline", Map.of("watch", List.of("q")));
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(signer.getPrivateKey());
    signature.setKeyIdHeaderValue(signer.getKeyId());
    signature.setAlgorithmHeaderValue("RS256");
    try {
      Tokens.with(service.calls(), signature.getCompactSerialization()).pullDue(PULL);
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      return false;
    }
  }

  private static RsaJsonWebKey key(String id) throws Exception {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2_048);
    key.setKeyId(id);
    return key;
  }

  private static String set(RsaJsonWebKey... keys) {
    List<String> all =
        List.of(keys).stream().map(key -> key.toJson(OutputControlLevel.PUBLIC_ONLY)).toList();
    return "{\"keys\":" + all + "}";
  }

  private static SSLContext tls(TestCertificates certificates) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(certificates.chain("issuer"), certificates.password().toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
