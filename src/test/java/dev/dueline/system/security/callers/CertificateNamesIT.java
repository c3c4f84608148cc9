package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name in a client certificate is a principal's only where it is of the kind that is set. */
class CertificateNamesIT {
  private static TestCertificates certificates;
  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    certificates = new TestCertificates(directory);
    certificates.issue("server");
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + directory.resolve("data"),
            "dueline.store.timeout=30s",
            "dueline.tls.certificate=" + certificates.certificate("server"),
            "dueline.tls.key=" + certificates.key("server"),
            "dueline.tls.client-ca=" + certificates.authority(),
            "dueline.security.principals.\"uri\".certificates=uri:spiffe://example.org/worker",
            "dueline.security.principals.\"uri\".watch=uri",
            "dueline.security.principals.\"dns\".certificates=Worker.example.org",
            "dueline.security.principals.\"dns\".watch=dns",
            "dueline.security.principals.\"cn\".certificates=cn:worker-cn",
            "dueline.security.principals.\"cn\".watch=cn");
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=any                         | uri:spiffe://example.org/worker | uri | OK
          CN=any                         | uri:spiffe://example.org/Worker | uri | UNAUTHENTICATED
          CN=spiffe://example.org/worker | dns:other                       | uri | UNAUTHENTICATED
          CN=any                         | dns:WORKER.example.org          | dns | OK
          CN=worker.example.org          | dns:other                       | dns | UNAUTHENTICATED
          CN=any                         | dns:*.example.org               | dns | UNAUTHENTICATED
          CN=worker-cn                   | dns:other                       | cn  | OK
          CN=any                         | dns:worker-cn                   | cn  | UNAUTHENTICATED
          'CN=any, CN=worker-cn'         | dns:other                       | cn  | UNAUTHENTICATED
          CN=worker-cn                   | uri:spiffe://example.org/worker | cn  | PERMISSION_DENIED
          """)
  void matchesByKind(String subject, String alternative, String queue, Status.Code code)
      throws Exception {
    String name = "c" + Math.abs((subject + alternative).hashCode());
    certificates.issue(name, subject, alternative);
    SslContext tls =
        GrpcSslContexts.configure(
                SslContextBuilder.forClient()
                    .trustManager(certificates.authority().toFile())
                    .keyManager(
                        certificates.certificate(name).toFile(), certificates.key(name).toFile()),
                SslProvider.JDK)
            .build();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", service.port()).sslContext(tls).build();
    try {
      var calls =
          SchedulerServiceGrpc.newBlockingStub(channel)
              .withInterceptors(new RepeatedCalls())
              .withDeadlineAfter(60, TimeUnit.SECONDS);
      PullDueRequest pull = PullDueRequest.newBuilder().addQueues(queue).build();
      StatusRuntimeException failure =
          catchThrowableOfType(StatusRuntimeException.class, () -> calls.pullDue(pull));
      assertThat(failure == null ? Status.Code.OK : failure.getStatus().getCode()).isEqualTo(code);
    } finally {
      channel.shutdownNow();
    }
  }
}
