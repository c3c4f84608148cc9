package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.process.ServiceProcess.Refusal;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting that makes no sense ends the start, and is named; a good one shows in the registry. */
class SettingsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static RedisServer redis;

  @BeforeAll
  static void start(@TempDir Path data) {
    redis = RedisServer.start(data, LoopbackPort.free(), List.of("save \"\"", "appendonly yes"));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void replicatedByNobodyEndsTheStart() {
    assertRefused(
        "dueline.durability.replicas",
        "dueline.durability=replicated",
        "dueline.durability.replicas=0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "orders=0"})
  void badShardsEndTheStart(String rule) {
    assertRefused("dueline.queues.shards-by-name", "dueline.queues.shards-by-name=" + rule);
  }

  private static void assertRefused(String named, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = hosts();
    Refusal refusal = ServiceProcess.refused(all);
    assertThat(refusal.code()).isNotZero();
    assertThat(refusal.log()).contains(named);
  }

  @Test
  void theRegistryHoldsWhateverAnotherReplicaWouldChoose() throws IOException {
    String rules = "dueline.queues.shards-by-name=orders-*=8,mail=2";
    try (ServiceProcess service = ServiceProcess.start(hosts(), rules)) {
      List.of("orders-eu", "mail", "other").forEach(queue -> schedule(service, queue, "first"));
    }
    assertThat(shards("orders-eu")).isEqualTo("shards=8");
    assertThat(shards("mail")).isEqualTo("shards=2");
    assertThat(shards("other")).isEqualTo("shards=1");

    try (ServiceProcess other = ServiceProcess.start(hosts(), "dueline.queues.shards=3")) {
      for (int i = 0; i < 50; i++) {
        schedule(other, "mail", "more-" + i);
      }
    }
    assertThat(shards("mail")).isEqualTo("shards=2");
    assertThat((List<?>) redis.call("KEYS", "dueline:{mail/*}:pending")).hasSize(2);
  }

  private static void schedule(ServiceProcess service, String queue, String id) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue(queue)
            .setJobId(id)
            .setDelay(Durations.fromSeconds(600))
            .build();
    await(id)
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .until(() -> Answered.to(() -> service.calls().schedule(request)).equals(Answered.OK));
  }

  private static Object shards(String queue) throws IOException {
    return redis.call("HGET", "dueline:queues", queue);
  }

  private static String hosts() {
    return "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port();
  }
}
