package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.chaos.topology.Topology;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.security.redis.Operations;
import dev.dueline.system.security.redis.TlsRedis;
import dev.dueline.system.telemetry.Collector;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the chart renders runs: the packaged service, with just the environment and files that a pod
 * would have, becomes ready on a real Redis, and the chart's own test passes.
 */
class RenderedReleaseIT {
  private static final List<String> DURABLE = List.of("save \"\"", "appendonly yes");

  /** All that URLs, properties and shells might take for something else. */
  private static final String PASSWORD = "p@ss:w/rd+%41 \\n#$=\"'?";

  @TempDir private Path scratch;

  @Test
  void readsAPasswordFromTheChartsSecret() throws Exception {
    try (RedisServer redis = redis()) {
      redis.call("CONFIG", "SET", "requirepass", PASSWORD);
      assertRuns(
          """
          redis:
            hosts: ["127.0.0.1:%d"]
            auth: {password: '%s'}
          security: {insecure: true}
          """
              .formatted(redis.port(), PASSWORD.replace("'", "''")),
          Map.of());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsAUserAndItsPassword(boolean isExisting) throws Exception {
    try (RedisServer redis = redis()) {
      redis.call("ACL", "SETUSER", "dueline", "on", ">" + PASSWORD, "~*", "&*", "+@all");
      redis.call("ACL", "SETUSER", "default", "off");
      String auth =
          isExisting
              ? "{user: dueline, existingSecret: mine, passwordKey: redis}"
              : "{user: dueline, password: '" + PASSWORD.replace("'", "''") + "'}";
      String encoded = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
      assertRuns(
          """
          redis:
            hosts: ["127.0.0.1:%d"]
            database: 3
            auth: %s
          security: {insecure: true}
          config: {dueline.queues.shards-by-name: "helm-*=4,mail=2"}
          """
              .formatted(redis.port(), auth),
          Map.of("mine", Map.of("redis", encoded)));
      assertThatThrownBy(() -> redis.call("PING")).hasMessageContaining("NOAUTH");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sentinel", "cluster"})
  void findsRedisByTheTopology(String topology) throws Exception {
    try (Topology servers = Topology.start(topology, scratch.resolve("redis"), false)) {
      String hosts = setting(servers, "quarkus.redis.hosts").replace("redis://", "");
      String name =
          topology.equals("sentinel") ? setting(servers, "quarkus.redis.master-name") : "";
      assertRuns(
          """
          redis:
            topology: %s
            hosts: ["%s"]
            masterName: "%s"
          security: {insecure: true}
          """
              .formatted(topology, hosts.replace(",", "\",\""), name),
          Map.of());
    }
  }

  private static String setting(Topology servers, String key) {
    return servers.settings().stream()
        .filter(setting -> setting.startsWith(key + "="))
        .map(setting -> setting.substring(key.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void reachesRedisByTlsAsAnAclUser() throws Exception {
    Path data = Files.createDirectories(scratch.resolve("redis"));
    try (TlsRedis redis = TlsRedis.start(data, Operations.users("secret"))) {
      assertRuns(
          """
          redis:
            hosts: ["localhost:%d"]
            auth: {user: dueline, existingSecret: user}
            tls: {enabled: true, caSecret: ca, caKey: root.pem}
          security: {insecure: true}
          """
              .formatted(redis.port()),
          Map.of(
              "user", Map.of("password", "secret"),
              "ca", Map.of("root.pem", Files.readString(TlsRedis.TRUSTED))));
    }
  }

  @Test
  void letsInPrincipalsByTls() throws Exception {
    String token = "a-token-of-a-test-0123456789-abcdefgh";
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    try (RedisServer redis = redis()) {
      assertRuns(
          """
          redis:
            hosts: ["127.0.0.1:%d"]
          security:
            principals:
              "helm@test":
                tokenSha256: ["%s"]
                schedule: ["helm-*"]
                watch: ["helm-*"]
                callsPerSecond: 100
          tls: {existingSecret: tls, clientAuth: optional, clientCaSecret: tls, clientCaKey: root.pem}
          test: {tokenSecret: token, caKey: root.pem}
          """
              .formatted(redis.port(), HexFormat.of().formatHex(hash)),
          Map.of("tls", certificate(), "token", Map.of("token", token)));
    }
  }

  @Test
  void letsInClientsThatShowCertificates() throws Exception {
    try (RedisServer redis = redis()) {
      assertRuns(
          """
          redis:
            hosts: ["127.0.0.1:%d"]
          security:
            principals:
              helm:
                certificates: ["dns:localhost"]
                schedule: ["helm-*"]
                watch: ["helm-*"]
          tls: {existingSecret: tls, clientAuth: required, clientCaSecret: tls, clientCaKey: root.pem}
          test: {clientSecret: tls, caKey: root.pem}
          """
              .formatted(redis.port()),
          Map.of("tls", certificate()));
    }
  }

  private static Map<String, String> certificate() throws IOException {
    return Map.of(
        "tls.crt", resource("redis-cert.pem"),
        "tls.key", resource("redis-key.pem"),
        "root.pem", resource("ca.pem"));
  }

  @Test
  void sendsSpansToACollector() throws Exception {
    try (RedisServer redis = redis();
        Collector collector = new Collector()) {
      assertRuns(
          """
          redis: {hosts: ["127.0.0.1:%d"]}
          security: {insecure: true}
          tracing: {endpoint: "%s"}
          """
              .formatted(redis.port(), collector.endpoint()),
          Map.of());
      // What it did not send before, it sends as it ends.
      await("spans")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !collector.spans("dueline.v1.SchedulerService/BatchSchedule").isEmpty());
    }
  }

  private static String resource(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/tls").resolve(name));
  }

  private RedisServer redis() {
    return RedisServer.start(scratch.resolve("redis"), LoopbackPort.free(), DURABLE);
  }

  private void assertRuns(String values, Map<String, Map<String, String>> secrets)
      throws Exception {
    try (RenderedRelease release = new RenderedRelease(scratch, values, secrets)) {
      release.awaitProbes();
      assertThat(release.test()).contains("jobs\t1\n").contains("lost\t0\n");
      assertThat(release.terminate()).as(release.log()).isIn(0, 143);
    } catch (Exception | Error e) {
      e.addSuppressed(new IOException(Files.readString(scratch.resolve("service.log"))));
      throw e;
    }
  }
}
