package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service behind TLS: tokens of both kinds, client certificates, and their changes.
 */
class SecurityIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String TOKEN = Tokens.random();
  private static final String SECRET = "a-secret-of-the-payload";

  private static TestCertificates certificates;
  private static KeyPair signer;
  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    certificates = new TestCertificates(directory);
    certificates.issue("server");
    certificates.issue("next");
    certificates.issue("worker");
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2_048);
    signer = rsa.generateKeyPair();
    Path jwtKey = directory.resolve("jwt.pem");
    Files.writeString(jwtKey, Pem.of("PUBLIC KEY", signer.getPublic()));
    service =
        ServiceProcess.start(
            "quarkus.grpc.server.host=0.0.0.0",
            "quarkus.log.category.\"dev.dueline\".level=DEBUG",
            "quarkus.log.category.\"io.grpc\".level=DEBUG",
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            "dueline.store.timeout=30s",
            "dueline.tls.certificate=" + certificates.certificate("server"),
            "dueline.tls.key=" + certificates.key("server"),
            "dueline.tls.client-ca=" + certificates.authority(),
            "dueline.tls.client-auth=optional",
            "dueline.tls.reload-interval=100ms",
            "dueline.security.jwt.issuer=https://issuer.example",
            "dueline.security.jwt.audience=dueline",
            "dueline.security.jwt.keys=" + jwtKey,
            principal("mailer", "token-sha256", Tokens.hash(TOKEN)),
            principal("mailer", "schedule", "mail*"),
            principal("mailer", "operate", "mail*"),
            principal("mailer", "calls-per-second", "1000"),
            principal("worker", "certificates", "cn:worker"),
            principal("worker", "watch", "mail*"),
            principal("worker", "watchers", "1"));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @Test
  void aTokenMaySchedule() throws Exception {
    assertThat(code(null, TOKEN, "mail")).isEqualTo(Status.Code.OK);
    assertThat(code(null, TOKEN, "other")).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(code(null, Tokens.random(), "mail")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(code(null, "", "mail")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(service.log()).doesNotContain(TOKEN, SECRET, "an-attribute");
  }

  @Test
  void aCertificateMayWatchAndItsQueuesAreOfOthersNoLonger() throws Exception {
    ManagedChannel channel = channel("worker");
    try {
      PullDueRequest pull = PullDueRequest.newBuilder().addQueues("mail-none").build();
      assertThat(calls(channel).pullDue(pull).getJobsList()).isEmpty();
      PullDueRequest other = pull.toBuilder().addQueues("other").build();
      assertThat(codeOf(() -> calls(channel).pullDue(other)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aWebTokenHoldsByItsClaims() throws Exception {
    assertThat(code(null, jwt("https://issuer.example", "dueline", 5, signer), "jwt-q"))
        .isEqualTo(Status.Code.OK);
    assertThat(code(null, jwt("https://issuer.example", "dueline", 5, signer), "other"))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2_048);
    for (String wrong :
        List.of(
            jwt("https://other.example", "dueline", 5, signer),
            jwt("https://issuer.example", "others", 5, signer),
            jwt("https://issuer.example", "dueline", -5, signer),
            jwt("https://issuer.example", "dueline", 5, rsa.generateKeyPair()))) {
      assertThat(code(null, wrong, "jwt-q")).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(service.log()).doesNotContain(wrong);
    }
  }

  @Test
  void certificatesAreReplacedWithoutARestart() throws Exception {
    Path certificate = certificates.certificate("server");
    Path key = certificates.key("server");
    assertThat(shown()).isEqualTo("CN=server");
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nbroken");
    await().atMost(TIMEOUT).until(() -> service.log().contains("the old ones hold"));
    assertThat(shown()).isEqualTo("CN=server");
    TestCertificates.replace(certificates.key("next"), key);
    TestCertificates.replace(certificates.certificate("next"), certificate);
    await().atMost(TIMEOUT).until(() -> shown().equals("CN=next"));
    await("a word of it")
        .atMost(TIMEOUT)
        .until(() -> service.log().contains("The TLS certificate was replaced"));
  }

  @Test
  void onlyQueuesThatTheCallerOperatesAreListed() throws Exception {
    assertThat(code(null, TOKEN, "mail-listed")).isEqualTo(Status.Code.OK);
    assertThat(code(null, jwt("https://issuer.example", "dueline", 5, signer), "jwt-q"))
        .isEqualTo(Status.Code.OK);
    ManagedChannel channel = channel(null);
    try {
      var queues = Tokens.with(QueueServiceGrpc.newBlockingStub(channel), TOKEN);
      assertThat(queues.listQueues(ListQueuesRequest.getDefaultInstance()).getQueuesList())
          .isNotEmpty()
          .allMatch(queue -> queue.getName().startsWith("mail"));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String principal(String name, String key, String value) {
    return "dueline.security.principals.\"" + name + "\"." + key + "=" + value;
  }

  private static Status.Code code(@Nullable String certificate, String token, String queue)
      throws Exception {
    ManagedChannel channel = channel(certificate);
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue(queue)
            .setPayload(com.google.protobuf.ByteString.copyFromUtf8(SECRET))
            .putAttributes("key", "an-attribute")
            .build();
    try {
      SchedulerServiceBlockingStub calls = calls(channel);
      return codeOf(() -> (token.isEmpty() ? calls : Tokens.with(calls, token)).schedule(request));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status.Code codeOf(Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    return failure == null ? Status.Code.OK : failure.getStatus().getCode();
  }

  private static SchedulerServiceBlockingStub calls(ManagedChannel channel) {
    return SchedulerServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static ManagedChannel channel(@Nullable String certificate) throws Exception {
    SslContextBuilder tls =
        SslContextBuilder.forClient().trustManager(certificates.authority().toFile());
    if (certificate != null) {
      tls.keyManager(
          certificates.certificate(certificate).toFile(), certificates.key(certificate).toFile());
    }
    return NettyChannelBuilder.forAddress("localhost", service.port())
        .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
        .build();
  }

  /** The subject of the certificate that a new connection sees. */
  private static String shown() throws Exception {
    var trust = java.security.KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    var factory = java.security.cert.CertificateFactory.getInstance("X.509");
    try (var in = Files.newInputStream(certificates.authority())) {
      trust.setCertificateEntry("ca", factory.generateCertificate(in));
    }
    var managers = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
    managers.init(trust);
    var context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    try (var socket =
        (javax.net.ssl.SSLSocket)
            context.getSocketFactory().createSocket("localhost", service.port())) {
      return socket.getSession().getPeerPrincipal().getName();
    }
  }

  private static String jwt(String issuer, String audience, int minutes, KeyPair by)
      throws Exception {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setAudience(audience);
    claims.setSubject("someone");
    claims.setExpirationTimeMinutesInTheFuture(minutes);
    claims.setClaim("dueline", Map.of("schedule", List.of("jwt-*")));
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(by.getPrivate());
    signature.setAlgorithmHeaderValue("RS256");
    return signature.getCompactSerialization();
  }
}
