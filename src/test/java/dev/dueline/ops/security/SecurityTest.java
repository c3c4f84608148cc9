package dev.dueline.ops.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No server is reached by the network where nobody can be told apart, unless that is said. */
class SecurityTest {
  @Test
  void aRefusalNamesEachWayOut() {
    assertThatThrownBy(
            () -> security("127.0.0.1", Map.of()).requireSafe("It", "its.host", "::", false))
        .isInstanceOf(UnsafeSettingException.class)
        .hasMessageContainingAll(
            "It is to listen on ::",
            "token-sha256",
            "dueline.security.jwt.*",
            "its.host=127.0.0.1",
            "dueline.security.insecure=true");
    assertThatThrownBy(() -> security("0.0.0.0", Map.of()))
        .isInstanceOf(UnsafeSettingException.class)
        .hasMessageContainingAll(
            "The gRPC server is to listen on 0.0.0.0",
            "dueline.security.jwt.*",
            "quarkus.grpc.server.host=127.0.0.1",
            "dueline.security.insecure=true");
  }

  @Test
  void whatIsSafeOrSaidIsTaken() {
    assertThatCode(
            () -> security("127.0.0.1", Map.of()).requireSafe("It", "its.host", "::1", false))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                security("0.0.0.0", Map.of("dueline.security.insecure", "true"))
                    .requireSafe("It", "its.host", "0.0.0.0", false))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                security(
                        "0.0.0.0",
                        Map.of("dueline.security.principals.ann.token-sha256", "0".repeat(64)))
                    .requireSafe("It", "its.host", "0.0.0.0", false))
        .doesNotThrowAnyException();
  }

  private static Security security(String host, Map<String, String> settings) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(SecurityConfig.class)
            .withMapping(TlsConfig.class)
            .withMapping(ConnectionConfig.class)
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build();
    return new Security(
        config.getConfigMapping(SecurityConfig.class),
        config.getConfigMapping(TlsConfig.class),
        config.getConfigMapping(ConnectionConfig.class),
        new SimpleMeterRegistry(),
        host);
  }
}
