package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that a replica must have too: without one, what changes the schedule is answered UNAVAILABLE
 * soon, and jobs go out and are acknowledged all the same.
 */
class DurabilityIT {
  private static final String QUEUE = "durable";
  private static final java.time.Duration TIMEOUT = java.time.Duration.ofSeconds(60);

  /** As long as a client waits for one call: each of the two has a second for the replicas. */
  private static final java.time.Duration SOON = java.time.Duration.ofSeconds(30);

  private RedisServer primary;
  private RedisServer replica;
  private ServiceProcess service;
  private RecordedWatch watch;

  @BeforeEach
  void start(@TempDir Path data) {
    int port = LoopbackPort.free();
    List<String> settings =
        List.of("save \"\"", "appendonly yes", "repl-diskless-sync-delay 0", "repl-timeout 60");
    primary = RedisServer.start(data.resolve("primary"), port, settings);
    replica =
        RedisServer.start(
            data.resolve("replica"),
            LoopbackPort.free(),
            List.of("save \"\"", "replicaof 127.0.0.1 " + port));
    await("the replica")
        .atMost(TIMEOUT)
        .until(() -> replica.call("INFO").toString().contains("master_link_status:up"));
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://127.0.0.1:" + port,
            "dueline.durability=replicated",
            "dueline.durability.replicas=1",
            "dueline.durability.timeout=1s",
            "dueline.drain.timeout=1s");
    watch = RecordedWatch.on(service, QUEUE);
  }

  @AfterEach
  void stop() {
    service.close();
    replica.close();
    primary.close();
  }

  @Test
  void whatNoReplicaHasIsUnavailableAndCanBeRepeated() throws IOException {
    awaitOk(() -> schedule("held", Durations.ZERO));
    awaitOk(() -> schedule("due-meanwhile", Durations.fromMillis(2_500)));
    awaitOk(() -> schedule("canceled", Durations.fromSeconds(600)));
    DueJob held = delivered("held");

    replica.stop();
    try {
      long startNanos = System.nanoTime();
      assertThat(schedule("repeated", Durations.fromSeconds(1))).isEqualTo(Answered.UNAVAILABLE);
      assertThat(cancel("canceled")).isEqualTo(Answered.UNAVAILABLE);
      assertThat(java.time.Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(SOON);
      AckRequest ack = AckRequest.newBuilder().addLeaseTokens(held.getLeaseToken()).build();
      assertThat(service.calls().ack(ack).getOutcomesList())
          .containsExactly(LeaseOutcome.LEASE_OUTCOME_OK);
      delivered("due-meanwhile");
    } finally {
      replica.resume();
    }

    awaitOk(() -> schedule("repeated", Durations.fromSeconds(1)));
    awaitOk(() -> cancel("canceled"));
    delivered("repeated");
    awaitOk(() -> schedule("last", Durations.fromMillis(500)));
    delivered("last");
    assertThat(watch.deliveries("repeated")).isEqualTo(1);
    assertThat(watch.deliveries("canceled")).isZero();
    assertThat(watch.end()).isEmpty();
  }

  /** The replica may be slow for a second at any time, and the call is safe to repeat. */
  private static void awaitOk(Supplier<Answered> call) {
    await("the replica to have it")
        .pollDelay(java.time.Duration.ZERO)
        .atMost(TIMEOUT)
        .until(() -> call.get().equals(Answered.OK));
  }

  private DueJob delivered(String id) {
    await(id).atMost(TIMEOUT).until(() -> watch.delivery(id).isPresent());
    return watch.delivery(id).orElseThrow();
  }

  private Answered schedule(String id, Duration delay) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id).setDelay(delay).build();
    return Answered.to(() -> service.calls().schedule(request));
  }

  private Answered cancel(String id) {
    CancelRequest request = CancelRequest.newBuilder().setQueue(QUEUE).setJobId(id).build();
    return Answered.to(() -> service.calls().cancel(request));
  }
}
