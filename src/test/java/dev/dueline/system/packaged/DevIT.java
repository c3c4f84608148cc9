package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.DevProcess;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.ScheduleRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service for development and tests: what it says, how it ends, and what it refuses. */
class DevIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Set<Integer> TERMINATED = Set.of(0, 143);

  @Test
  void severalDeliverSideBySideAndEndWithTheirInput() {
    try (DevProcess one = DevProcess.start();
        DevProcess other = DevProcess.start("--test-clock")) {
      assertThat(one.ready().get("pid").getAsLong()).isEqualTo(one.process().pid());
      assertThat(one.ready().get("testClock").getAsBoolean()).isFalse();
      assertThat(other.ready().get("testClock").getAsBoolean()).isTrue();
      for (DevProcess each : List.of(one, other)) {
        assertDelivers(each);
        assertThat(each.closeInput()).as(each.log()).isZero();
        assertThat(each.log()).contains("Ending: standard input is closed");
        assertThat(each.moreOutput()).isEmpty();
        assertNothingIsLeft(each);
      }
    }
  }

  @Test
  void nothingIsLeftWhenItIsKilled() {
    try (DevProcess dev = DevProcess.start()) {
      assertDelivers(dev);
      dev.kill();
      assertNothingIsLeft(dev);
    }
  }

  /** Though somebody else still has the other end of its standard input. */
  @Test
  void nothingIsLeftWhenItsParentIsKilled() {
    try (DevProcess dev = DevProcess.startBelowShell()) {
      List<ProcessHandle> children = dev.process().children().toList();
      try {
        dev.process().destroyForcibly();
        // As a process it may stay, where nobody reaps it.
        await("its end").atMost(TIMEOUT).until(() -> dev.log().contains("dueline stopped in"));
        assertThat(dev.log()).contains("Ending: the process that started it is gone");
        assertNothingIsLeft(dev);
      } finally {
        children.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  void runsUntilItIsToldToStopWhereNobodyHoldsItsInput() {
    try (DevProcess dev = DevProcess.startUntied()) {
      assertDelivers(dev);
      assertThat(dev.process().destroy()).isTrue();
      assertThat(dev.awaitEnd()).as(dev.log()).isIn(TERMINATED);
      assertThat(dev.log()).doesNotContain("Ending: ");
      assertNothingIsLeft(dev);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quarkus.redis.hosts=redis://127.0.0.1:1",
        "dueline.durability=replicated",
        "quarkus.grpc.server.host=0.0.0.0",
        "dueline.security.principals.ann.token-sha256="
            + "0000000000000000000000000000000000000000000000000000000000000000"
      })
  void isRefusedWithWhatIsForProduction(String setting) {
    DevProcess.Refusal refusal =
        DevProcess.refused(List.of(setting, "dueline.security.insecure=" + isHost(setting)));
    assertThat(refusal.code()).as(refusal.log()).isEqualTo(1);
    assertThat(refusal.out()).isEmpty();
    assertThat(refusal.log())
        .contains("'dueline dev' is for development and tests, and does not run with ")
        .contains(named(setting))
        .doesNotContain("takes jobs");
  }

  /** Without it, the service itself would refuse that host, for another reason. */
  private static boolean isHost(String setting) {
    return setting.startsWith("quarkus.grpc.server.host");
  }

  private static String named(String setting) {
    return setting.startsWith("dueline.security") ? "principals" : setting.split("=", 2)[0];
  }

  @Test
  void jobsOfATestClockAreNoneOfAServiceAndTheOtherWayRound(@TempDir Path temp) {
    Path moved = temp.resolve("moved");
    try (DevProcess dev = DevProcess.start("--test-clock", "--data-dir", moved.toString())) {
      assertThat(dev.closeInput()).as(dev.log()).isZero();
      assertThat(Files.isDirectory(moved)).isTrue();
    }
    assertThat(ServiceProcess.refused("dueline.embedded.data-dir=" + moved).log())
        .contains("of a clock that tests moved");

    Path ordinary = temp.resolve("ordinary");
    try (ServiceProcess service = ServiceProcess.start("dueline.embedded.data-dir=" + ordinary)) {
      assertThat(service.isAlive()).isTrue();
    }
    DevProcess.Refusal refusal =
        DevProcess.refused(List.of(), "--test-clock", "--data-dir", ordinary.toString());
    assertThat(refusal.log()).contains("not of a clock that tests move");
    assertThat(refusal.out()).isEmpty();
  }

  private static void assertDelivers(DevProcess dev) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue("mail")
            .setJobId("ann")
            .setPayload(ByteString.copyFromUtf8("Dear Ann"))
            .setDelay(Durations.fromMillis(1))
            .build();
    assertThat(dev.calls().schedule(request).getJobId()).isEqualTo("ann");
    PullDueRequest pull =
        PullDueRequest.newBuilder()
            .addQueues("mail")
            .setMaxJobs(1)
            .setWaitTime(Durations.fromSeconds(20))
            .build();
    List<DueJob> jobs = dev.calls().pullDue(pull).getJobsList();
    assertThat(jobs).extracting(job -> job.getPayload().toStringUtf8()).containsExactly("Dear Ann");
    assertThat(
            dev.calls()
                .ack(AckRequest.newBuilder().addLeaseTokens(jobs.get(0).getLeaseToken()).build())
                .getOutcomesList())
        .containsExactly(LeaseOutcome.LEASE_OUTCOME_OK);
  }

  private static void assertNothingIsLeft(DevProcess dev) {
    String dataDir = dev.dataDir().toString();
    await("the end of its processes")
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(processes(dataDir)).isEmpty());
    await("the end of its data").atMost(TIMEOUT).until(() -> Files.notExists(dev.dataDir()));
  }

  /** Redis and its watcher: whoever names the directory. */
  private static Set<String> processes(String dataDir) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(dataDir))
        .collect(Collectors.toSet());
  }
}
