package dev.dueline.system.security.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis that talks TLS only, to a user that may do no more than docs/operations.md says: settings
 * alone lead there, nothing that the service says is refused, and nothing is allowed that it never
 * says.
 */
class SecuredRedisIT {
  private static final String PASSWORD = "a-password-of-a-test";
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private static TlsRedis redis;
  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) throws IOException {
    redis = TlsRedis.start(data, Operations.users(PASSWORD));
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=" + redis.uri("dueline", PASSWORD),
            "quarkus.redis.tls-configuration-name=redis",
            "dueline.requests.window=1s",
            "dueline.store.timeout=30s",
            "quarkus.tls.redis.trust-store.pem.certs=" + TlsRedis.TRUSTED,
            "quarkus.tls.redis.hostname-verification-algorithm=HTTPS");
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void everyCallIsAllowedAndNothingMoreThanIsNeeded() throws Exception {
    EveryCall calls = new EveryCall(service);
    calls.run("before");
    assertThat(redis.call("SCRIPT", "FLUSH").toString()).isEqualTo("OK");
    calls.run("after");
    await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());

    // The sweeper leaves a shard alone at first, and says some that nobody else does.
    await("all that is allowed to be said")
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              calls.repeats("before");
              assertThat(redis.said()).containsAll(Operations.commands());
            });
    assertThat(redis.refused()).isEmpty();
    assertThat(service.log()).doesNotContain("ERROR").doesNotContain("NOPERM");
  }
}
