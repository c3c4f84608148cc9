package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.process.ServiceProcess.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service does and says at its start, by the state in which it finds Redis. */
class StartUpIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final List<String> WELL = List.of("save \"\"", "appendonly yes");

  @Test
  void anUnknownLayoutEndsTheStart(@TempDir Path data) throws IOException {
    try (RedisServer redis = RedisServer.start(data, LoopbackPort.free(), WELL)) {
      redis.call("SET", "dueline:layout", "99");
      // A Redis that is slow for longer is taken for one that is not there yet, for which it waits.
      int port = LoopbackPort.free();
      try (RepeatedCall calls = new RepeatedCall(port)) {
        Refusal refusal =
            ServiceProcess.refused(
                hosts(redis.port()),
                "dueline.store.timeout=60s",
                "quarkus.grpc.server.port=" + port);
        assertThat(refusal.code()).isEqualTo(1);
        assertThat(refusal.log())
            .contains("layout 99", "run the version that wrote them")
            .doesNotContain("\tat ", "Failed to start", "NullPointer");
        assertThat(calls.others()).isEmpty();
      }
      assertThat(redis.call("GET", "dueline:layout")).isEqualTo("99");
    }
  }

  @Test
  void aPortInUseEndsTheStart(@TempDir Path data) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Refusal refusal =
          ServiceProcess.refused(
              "dueline.embedded.data-dir=" + data,
              "quarkus.grpc.server.port=" + taken.getLocalPort());
      assertThat(refusal.code()).isNotZero();
      assertThat(refusal.log())
          .contains("Address already in use", "set quarkus.grpc.server.port")
          .doesNotContain("takes jobs");
    }
  }

  @Test
  void aDataDirectoryInUseEndsTheStart(@TempDir Path data) {
    String directory = "dueline.embedded.data-dir=" + data;
    try (ServiceProcess first = ServiceProcess.start(directory)) {
      Refusal refusal = ServiceProcess.refused(directory);
      assertThat(refusal.code()).isNotZero();
      assertThat(refusal.log())
          .contains("is in use by process " + first.pid(), "Set dueline.embedded.data-dir")
          .doesNotContain("takes jobs", "\tat ", "Failed to start");
    }
  }

  @Test
  void redisMayComeLaterAndNothingIsSaidOfOneThatIsWell(@TempDir Path data) {
    int port = LoopbackPort.free();
    try (ServiceProcess service = ServiceProcess.start(hosts(port))) {
      await("a verdict").atMost(TIMEOUT).until(() -> Readiness.of(service).isDown());
      try (RedisServer redis = RedisServer.start(data, port, WELL)) {
        await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
        await("Redis").atMost(TIMEOUT).until(redis::isUp);
        assertThat(service.log()).doesNotContain("maxmemory-policy", "appendonly");
      }
    }
  }

  @Test
  void settingsThatMayLoseJobsAreNamed(@TempDir Path data) {
    List<String> careless =
        List.of("save \"\"", "appendonly no", "maxmemory 100mb", "maxmemory-policy allkeys-lru");
    try (RedisServer redis = RedisServer.start(data, LoopbackPort.free(), careless);
        ServiceProcess service = ServiceProcess.start(hosts(redis.port()))) {
      await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
      assertThat(warnings(service, "set maxmemory-policy noeviction")).isEqualTo(1);
      assertThat(warnings(service, "set appendonly yes")).isEqualTo(1);
    }
  }

  @Test
  void aWrongPasswordIsALineAndTheReasonOfReadiness(@TempDir Path data) throws IOException {
    try (RedisServer redis = RedisServer.start(data, LoopbackPort.free(), WELL)) {
      redis.call("CONFIG", "SET", "requirepass", "right");
      try (ServiceProcess service =
          ServiceProcess.start(
              "quarkus.redis.hosts=redis://:wrong@127.0.0.1:" + redis.port(),
              "dueline.metrics.interval=200ms")) {
        await("its reason")
            .atMost(TIMEOUT)
            .until(() -> Readiness.of(service).page().contains("WRONGPASS"));
        assertThat(Readiness.of(service).isDown()).isTrue();
        // Long enough for each part to meet it more than once.
        await("rounds of metrics")
            .atMost(TIMEOUT)
            .until(
                () ->
                    ManagementPage.metrics(service).sum("dueline_gauge_rounds_incomplete_total")
                        > 3);
        assertThat(warnings(service, "WRONGPASS")).isEqualTo(1);
        assertThat(warnings(service, "the user and password that Redis knows")).isEqualTo(1);
        redis.as("default", "right", "CONFIG", "SET", "requirepass", "wrong");
        await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
        await("the end of it")
            .atMost(TIMEOUT)
            .until(() -> service.log().contains("refuses no commands any longer"));
        assertThat(warnings(service, "WRONGPASS")).isEqualTo(1);
        assertThat(service.log()).doesNotContain(":wrong@");
      }
    }
  }

  private static long warnings(ServiceProcess service, String text) {
    return service
        .log()
        .lines()
        .filter(line -> line.contains(" WARN ") && line.contains(text))
        .count();
  }

  private static String hosts(int port) {
    return "quarkus.redis.hosts=redis://127.0.0.1:" + port;
  }
}
