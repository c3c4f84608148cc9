package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.faults.agent.AgentJar;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Liveness fails while a loop is stuck, and only then. */
@Tag("jvm")
class LivenessIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Longer than a busy machine keeps one thread of a process from going on, but not another. */
  private static final int LIMIT_S = 4;

  private static final int ENDED_BY_SIGTERM = 128 + 15;

  @TempDir private Path directory;
  private RedisServer redis;
  private ServiceProcess service;

  @BeforeEach
  void start() {
    redis = RedisServer.start(directory, LoopbackPort.free(), List.of("save \"\""));
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
            "dueline.liveness.timeout=" + LIMIT_S + "s",
            "dueline.drain.timeout=1s");
    await("connections").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
  }

  @AfterEach
  void stop() {
    service.kill();
    redis.close();
  }

  @Test
  void theLoopOfDeliveryIsNamedUntilItTurns() throws Exception {
    AgentJar agent = AgentJar.in(directory);
    agent.begin(service, "block=dueline-delivery");
    await("the loop by name")
        .atMost(TIMEOUT)
        .until(() -> live().status() == 503 && live().text().contains("dueline-delivery"));
    assertThat(ManagementPage.metrics(service).sum("dueline_loops_stuck")).isEqualTo(1);
    await("the line")
        .atMost(TIMEOUT)
        .until(() -> service.log().contains("dev.dueline.system.faults.agent.FaultAgent.pause"));
    agent.begin(service, "unblock");
    turnsAgain("dueline-delivery");
    assertThat(ManagementPage.metrics(service).sum("dueline_loops_stuck")).isZero();
  }

  /** One of the two has the management port's connections, too, so that nobody answers. */
  @ParameterizedTest
  @ValueSource(strings = {"vert.x-eventloop-thread-0", "vert.x-eventloop-thread-1"})
  void anEventLoopFailsItUntilItTurns(String loop) throws Exception {
    AgentJar agent = AgentJar.in(directory);
    agent.begin(service, "block=" + loop);
    await("no life").atMost(TIMEOUT).until(() -> failsFor(loop, live()));
    // Nobody may have answered for another reason, and before the limit.
    await("the line")
        .atMost(TIMEOUT)
        .until(() -> service.log().contains("The loop " + loop + " has not turned"));
    agent.begin(service, "unblock");
    turnsAgain(loop);
  }

  private static boolean failsFor(String loop, ManagementPage page) {
    return page.status() == 0 || page.status() == 503 && page.text().contains(loop);
  }

  private void turnsAgain(String loop) {
    await("life").atMost(TIMEOUT).until(() -> live().status() == 200);
    await("the line")
        .atMost(TIMEOUT)
        .until(() -> service.log().contains("The loop " + loop + " turns again"));
    assertThat(service.log().split("has not turned", -1)).as(service::log).hasSize(2);
    assertThat(service.log())
        .contains("The loop " + loop + " has not turned for " + LIMIT_S + " s");
  }

  /** It is not waited for without end, and clients hear that they are to go. */
  @Test
  void aStuckLoopOfDeliveryDoesNotKeepConnections() throws Exception {
    AgentJar.in(directory).begin(service, "block=dueline-delivery");
    await("the loop by name")
        .atMost(TIMEOUT)
        .until(() -> live().status() == 503 && live().text().contains("dueline-delivery"));
    assertThat(service.terminate()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(service.log()).contains("Delivery did not end", "Gone: all streams are closed");
  }

  /** As a container that is paused, or a machine: a page is waited for longer than the limit. */
  @Test
  void aFrozenProcessLivesOn() throws Exception {
    service.stop();
    assertThat(live().status()).isZero();
    service.resume();
    await("life").atMost(TIMEOUT).until(() -> live().status() == 200);
    assertThat(service.log()).doesNotContain("has not turned").doesNotContain("Out of memory");
  }

  private ManagementPage live() {
    return ManagementPage.get(service.managementPort(), "/q/health/live");
  }
}
