package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.system.faults.RedisFault.Expected;
import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way in which one Redis can fail: callers are told so, with when to try again, the stream
 * stays open with its heartbeats, and jobs go on once Redis is back. How soon is printed.
 */
class FaultsIT {
  private static final String QUEUE = "faults";
  private static final java.time.Duration TIMEOUT = java.time.Duration.ofSeconds(60);

  private static RedisServer redis;
  private static FaultyProxy network;
  private static ServiceProcess service;
  private static RecordedWatch watch;

  @BeforeAll
  static void start(@TempDir Path data) throws IOException {
    int port = LoopbackPort.free();
    Files.createDirectories(data.resolve("a-directory"));
    redis =
        RedisServer.start(
            data,
            port,
            List.of(
                "appendonly yes",
                "appendfsync always",
                "save \"\"",
                "enable-debug-command yes",
                "enable-protected-configs yes",
                "loading-process-events-interval-bytes 1024"));
    network = FaultyProxy.to(port);
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://127.0.0.1:" + network.port(), "dueline.drain.timeout=1s");
    watch = RecordedWatch.on(service, QUEUE);
  }

  @AfterAll
  static void stop() {
    service.close();
    network.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(RedisFault.class)
  void everyFaultHasItsAnswer(RedisFault fault) throws IOException {
    DueJob held = delivered(fault + "-held");
    awaitOk(fault + "-due-meanwhile", Durations.fromMillis(1_500));
    int logged = service.log().length();
    int beats = watch.heartbeats();

    String probe;
    fault.begin(redis, network);
    try {
      probe = awaitEffect(fault);
      assertReadiness(fault);
      assertAnswers(fault, held);
      await("heartbeats").atMost(TIMEOUT).until(() -> watch.heartbeats() > beats + 1);
    } finally {
      fault.end(redis, network);
    }

    // A call whose outcome nobody knew is safe to repeat.
    awaitOk(probe, Durations.fromSeconds(600));
    awaitOk(fault + "-new", Durations.ZERO);
    long backNanos = System.nanoTime();
    await("the job that fell due")
        .atMost(TIMEOUT)
        .until(() -> watch.deliveries(fault + "-due-meanwhile") > 0);
    await("the new job").atMost(TIMEOUT).until(() -> watch.deliveries(fault + "-new") > 0);
    System.out.printf(
        "%s: delivered %d ms after Redis was back%n",
        fault, (System.nanoTime() - backNanos) / 1_000_000);
    await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
    assertThat(watch.end()).isEmpty();
    assertThat(watch.deliveries(fault + "-due-meanwhile")).isEqualTo(1);
    assertThat(watch.deliveries(fault + "-new")).isEqualTo(1);
    Warnings.assertOneForEachChange(service.log().substring(logged));
  }

  private static DueJob delivered(String id) {
    awaitOk(id, Durations.ZERO);
    await(id).atMost(TIMEOUT).until(() -> watch.delivery(id).isPresent());
    return watch.delivery(id).orElseThrow();
  }

  /** Where Redis is well, a call that was not answered for whatever reason is soon. */
  private static void awaitOk(String id, Duration delay) {
    await(id).atMost(TIMEOUT).until(() -> schedule(id, delay).equals(Answered.OK));
  }

  /**
   * Some take a moment, such as a snapshot that fails. Each try is a new job: one that is there
   * already would be nothing to write.
   *
   * @return the id of the job that was answered as expected
   */
  private static String awaitEffect(RedisFault fault) {
    Answered expected =
        switch (fault.expected()) {
          case UNAVAILABLE, NO_WRITES -> Answered.UNAVAILABLE;
          case REFUSED -> Answered.REFUSED;
          case NO_ROOM -> Answered.NO_ROOM;
          case NOTHING -> Answered.OK;
        };
    AtomicInteger tries = new AtomicInteger();
    await(fault + " to show")
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              String id = fault + "-probe-" + tries.incrementAndGet();
              assertThat(schedule(id, Durations.fromSeconds(600))).isEqualTo(expected);
            });
    return fault + "-probe-" + tries;
  }

  /** Ready means that jobs go out, which they do while only new ones find no room. */
  private static void assertReadiness(RedisFault fault) {
    switch (fault.expected()) {
      case UNAVAILABLE, REFUSED, NO_WRITES -> {
        Readiness readiness = Readiness.of(service);
        assertThat(readiness.isDown()).as("%s", readiness).isTrue();
        assertThat(readiness.page()).contains("jobs flow");
      }
      // A look for which Redis took half a second too long says no, once.
      case NO_ROOM -> await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
      case NOTHING -> {
        // It may have met the moment of the fault.
      }
    }
  }

  private static void assertAnswers(RedisFault fault, DueJob held) {
    Supplier<?> get =
        () -> calls().getJob(GetJobRequest.newBuilder().setQueue(QUEUE).setJobId("none").build());
    Supplier<?> extend =
        () ->
            calls()
                .extendLease(
                    ExtendLeaseRequest.newBuilder()
                        .addLeaseTokens(held.getLeaseToken())
                        .setLeaseDuration(Durations.fromSeconds(700))
                        .build());
    Supplier<?> ack =
        () -> calls().ack(AckRequest.newBuilder().addLeaseTokens(held.getLeaseToken()).build());
    Answered writes =
        switch (fault.expected()) {
          case UNAVAILABLE, NO_WRITES -> Answered.UNAVAILABLE;
          case REFUSED -> Answered.REFUSED;
          case NO_ROOM, NOTHING -> Answered.OK;
        };
    assertThat(answer(extend, writes)).as("ExtendLease").isEqualTo(writes);
    assertThat(answer(ack, writes)).as("Ack").isEqualTo(writes);
    if (Set.of(Expected.UNAVAILABLE, Expected.REFUSED).contains(fault.expected())) {
      assertThat(answer(get, writes)).as("GetJob").isEqualTo(writes);
    }
  }

  /** A connection may break at any time: a call that met that moment says nothing of the fault. */
  private static Answered answer(Supplier<?> call, Answered expected) {
    return await("an answer")
        .pollDelay(java.time.Duration.ZERO)
        .atMost(TIMEOUT)
        .until(
            () -> Answered.to(call),
            answer -> answer.equals(expected) || !answer.equals(Answered.UNAVAILABLE));
  }

  private static Answered schedule(String id, Duration delay) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id).setDelay(delay).build();
    return Answered.to(() -> calls().schedule(request));
  }

  private static SchedulerServiceBlockingStub calls() {
    return service.calls();
  }
}
