package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.process.ServiceProcess.Refusal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that would leave the service open, or without what was asked for, stop its start. */
class UnsafeStartIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          quarkus.grpc.server.host=0.0.0.0 | dueline.security.insecure=true to let anybody
          dueline.tls.certificate=/no/such/file | set both, or none
          dueline.security.principals."a".token-sha256=my-token | 64 hex digits
          dueline.security.principals."a".certificates=a | set dueline.tls.client-ca
          dueline.security.principals."a".certificates=urn:example:a | write dns:worker.example.org, uri:
          dueline.security.jwt.issuer=https://a | need all of
          dueline.limits.connection-age-grace=1s | set it to at least
          """)
  void stops(String setting, String message, @TempDir Path data) {
    Refusal refusal = ServiceProcess.refused("dueline.embedded.data-dir=" + data, setting);
    assertThat(refusal.code()).isNotZero();
    assertThat(refusal.log()).contains(message).doesNotContain("my-token");
  }
}
