package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Redis that refuses the service by its configuration: callers are told that somebody has to change
 * it, the log has a line when that begins and one when it is over however many calls there are, and
 * jobs go on afterwards by themselves.
 */
class RefusalsIT {
  private static final String QUEUE = "refusals";
  private static final java.time.Duration TIMEOUT = java.time.Duration.ofSeconds(60);

  /** Each would be a line of 150 bytes, or a stack trace of 5 KB, as mistakes of ours are. */
  private static final int CALLS = 100;

  private static final int LOG_BYTES = 10_000;

  private static final AtomicInteger SCHEDULED = new AtomicInteger();

  private static RedisServer redis;
  private static FaultyProxy network;
  private static ServiceProcess service;
  private static RecordedWatch watch;

  @BeforeAll
  static void start(@TempDir Path data) throws IOException {
    int port = LoopbackPort.free();
    String user =
        RedisRefusal.USER + " on >" + RedisRefusal.PASSWORD + " allkeys allchannels +@all";
    redis = RedisServer.start(data, port, List.of("appendonly yes", "user " + user));
    network = FaultyProxy.to(port);
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://%s:%s@127.0.0.1:%d"
                .formatted(RedisRefusal.USER, RedisRefusal.PASSWORD, network.port()),
            "dueline.drain.timeout=1s");
    watch = RecordedWatch.on(service, QUEUE);
  }

  @AfterAll
  static void stop() {
    service.close();
    network.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(RedisRefusal.class)
  void everyRefusalHasItsAnswer(RedisRefusal refusal) throws IOException {
    await("all well")
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(schedule(Durations.ZERO)).isEqualTo(Answered.OK);
              assertThat(Readiness.of(service).isUp()).isTrue();
            });
    await("a call")
        .atMost(TIMEOUT)
        .until(() -> schedule(Durations.fromMillis(1_500)).equals(Answered.OK));
    String dueMeanwhile = "job-" + SCHEDULED;
    int logged = service.log().length();

    refusal.begin(redis, network);
    try {
      await(refusal + " to show")
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(scheduleFirst()).isEqualTo(Answered.REFUSED));
      assertAllRefused();
    } finally {
      refusal.end(redis, network);
    }

    await("calls again").atMost(TIMEOUT).until(() -> schedule(Durations.ZERO).equals(Answered.OK));
    String last = "job-" + SCHEDULED;
    await("the job that fell due").atMost(TIMEOUT).until(() -> watch.deliveries(dueMeanwhile) > 0);
    await("the new job").atMost(TIMEOUT).until(() -> watch.deliveries(last) > 0);
    assertThat(watch.end()).isEmpty();
    await("a line that it is over")
        .atMost(TIMEOUT)
        .until(
            () -> {
              schedule(Durations.ZERO);
              return service.log().substring(logged).contains("refuses no commands any longer");
            });
    assertQuiet(service.log().substring(logged));
  }

  private static void assertAllRefused() {
    for (int i = 0; i < CALLS; i++) {
      assertThat(answer()).isEqualTo(Answered.REFUSED);
    }
    // Where Redis is slow for a moment, that is what readiness names.
    await("readiness")
        .atMost(TIMEOUT)
        .until(() -> Readiness.of(service).page().contains("Redis refuses Dueline"));
  }

  private static void assertQuiet(String log) {
    assertThat(log).doesNotContain(RedisRefusal.PASSWORD).contains("Redis refuses Dueline");
    assertThat(String.join("\n", Warnings.ofRedis(log))).hasSizeLessThan(LOG_BYTES);
    Warnings.assertOneForEachChange(log);
  }

  /** A connection may break at any time: a call that met that moment says nothing of a refusal. */
  private static Answered answer() {
    return await("an answer")
        .pollDelay(java.time.Duration.ZERO)
        .atMost(TIMEOUT)
        .until(RefusalsIT::scheduleFirst, answer -> !answer.equals(Answered.UNAVAILABLE));
  }

  private static Answered schedule(Duration delay) {
    return schedule(QUEUE, delay);
  }

  /** The first job of a queue: a call that needs all that calls need, announcing included. */
  private static Answered scheduleFirst() {
    return schedule(QUEUE + "-" + SCHEDULED, Durations.fromSeconds(600));
  }

  private static Answered schedule(String queue, Duration delay) {
    String id = "job-" + SCHEDULED.incrementAndGet();
    ScheduleRequest request =
        ScheduleRequest.newBuilder().setQueue(queue).setJobId(id).setDelay(delay).build();
    return Answered.to(() -> service.calls().schedule(request));
  }
}
