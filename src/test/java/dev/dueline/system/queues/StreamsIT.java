package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisCommands;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.StreamDelivery;
import io.grpc.StatusRuntimeException;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams as a second way out, with consumers that know Redis and nothing of the service. */
class StreamsIT {
  private static final String QUEUE = "streamed";
  private static final int SHARDS = 2;
  private static final int JOBS = 2_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(180);

  private RedisServer redis;

  @BeforeEach
  void start(@TempDir Path data) {
    List<String> settings = List.of("save \"\"", "appendonly yes", "appendfsync always");
    redis = RedisServer.start(data, LoopbackPort.free(), settings);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /** A consumer, both replicas in turn and Redis are killed in the middle. */
  @ParameterizedTest
  @ValueSource(strings = {"java", "python"})
  void killedConsumersReplicasAndRedisLoseNothing(String language) throws Exception {
    List<String> command = Consumer.command(language);
    Assumptions.assumeFalse(command.isEmpty(), "no Python with redis-py on this machine");
    ServiceProcess one = replica();
    try (ServiceProcess two = replica();
        RedisCommands commands = commands()) {
      List<String> keys = stream(one, 10_000);
      assertThat(keys).hasSize(SHARDS);
      for (int from = 0; from < JOBS; from += 500) {
        schedule(one, from, from + 500, 4_000);
      }
      List<Consumer> consumers = new ArrayList<>();
      try (Consumer first = Consumer.start(command, redis.port(), "first", keys)) {
        await("the first jobs").atMost(TIMEOUT).until(() -> hasDone(first, 100));
        first.kill();
        consumers.add(first);
        one.kill();
        redis.kill();
        redis.restart();
        try (Consumer second = Consumer.start(command, redis.port(), "second", keys);
            Consumer third = Consumer.start(command, redis.port(), "third", keys)) {
          consumers.add(second);
          consumers.add(third);
          List<Consumer> rest = List.of(second, third);
          await("all jobs").atMost(TIMEOUT).until(() -> haveDone(rest, consumers));
          await("empty streams")
              .atMost(TIMEOUT)
              .until(() -> haveDone(rest, consumers) && entries(commands, keys) == 0);
        }
      }
      assertThat(queue(two).getStats().getPendingJobs()).isZero();
      assertThat(queue(two).getStats().getDispatchedTotal()).isEqualTo(JOBS);
    } finally {
      one.close();
    }
  }

  /** The time in an entry's id is Redis's own. The figures are printed. */
  @Test
  void jobsGoToTheStreamOnTimeAndNeverEarlyWithNoWatcherConnected() throws Exception {
    try (ServiceProcess one = replica();
        ServiceProcess two = replica();
        RedisCommands commands = commands()) {
      List<String> keys = stream(one, 10_000);
      schedule(two, 0, 1_000, 4_000);
      await("all entries").atMost(TIMEOUT).until(() -> entries(commands, keys) == 1_000);
      List<Long> lateness = new ArrayList<>();
      for (String key : keys) {
        for (Response entry : commands.call("XRANGE", key, "-", "+")) {
          String id = entry.get(0).toString();
          long addedMs = Long.parseLong(id.substring(0, id.indexOf('-')));
          assertThat(entry.get(1).get(2)).hasToString("due_ms");
          lateness.add(addedMs - entry.get(1).get(3).toLong());
        }
      }
      Collections.sort(lateness);
      System.out.printf(
          "stream lateness of %d jobs, ms: p50 %d, p99 %d, max %d%n",
          lateness.size(), lateness.get(500), lateness.get(990), lateness.get(999));
      assertThat(lateness.get(0)).isNotNegative();
    }
  }

  @Test
  void aBacklogBeyondTheLongestStreamCanStillBeCanceled() throws Exception {
    try (ServiceProcess service = replica();
        RedisCommands commands = commands()) {
      List<String> keys = stream(service, 100);
      schedule(service, 0, 1_000, 1);
      await("full streams").atMost(TIMEOUT).until(() -> entries(commands, keys) == SHARDS * 100);
      await("its log").atMost(TIMEOUT).until(() -> service.log().contains("is full"));
      BatchCancelRequest.Builder all = BatchCancelRequest.newBuilder();
      for (int i = 0; i < 1_000; i++) {
        all.addRequests(CancelRequest.newBuilder().setQueue(QUEUE).setJobId("job-" + i));
      }
      assertThat(service.calls().batchCancel(all.build()).getOutcomesList())
          .filteredOn(outcome -> outcome == CancelOutcome.CANCEL_OUTCOME_CANCELED)
          .hasSize(1_000 - SHARDS * 100);
    }
  }

  @Test
  void whoeverPullsIsToldWhereTheJobsAre() {
    try (ServiceProcess service = replica()) {
      stream(service, 100);
      assertThatThrownBy(
              () -> service.calls().pullDue(PullDueRequest.newBuilder().addQueues(QUEUE).build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("XREADGROUP");
    }
  }

  private ServiceProcess replica() {
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
        "dueline.queues.shards=" + SHARDS,
        "dueline.store.timeout=20s");
  }

  private RedisCommands commands() {
    return new RedisCommands(URI.create("redis://127.0.0.1:" + redis.port()));
  }

  /** Makes the queue, chooses streams for it, and gives their keys. */
  private static List<String> stream(ServiceProcess service, long maxLength) {
    schedule(service, 0, 1, 3_600_000);
    var canceled =
        service
            .calls()
            .cancel(CancelRequest.newBuilder().setQueue(QUEUE).setJobId("job-0").build());
    return service
        .queueCalls()
        .setQueueDelivery(
            SetQueueDeliveryRequest.newBuilder()
                .setQueue(QUEUE)
                .setDelivery(
                    QueueDelivery.newBuilder()
                        .setStream(StreamDelivery.newBuilder().setMaxStreamLength(maxLength)))
                .build())
        .getQueue()
        .getDelivery()
        .getStream()
        .getStreamKeysList();
  }

  /** Jobs whose due times are spread evenly over a time. */
  private static void schedule(ServiceProcess service, int from, int to, long spreadMs) {
    BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
    for (int i = from; i < to; i++) {
      batch.addRequests(
          ScheduleRequest.newBuilder()
              .setQueue(QUEUE)
              .setJobId("job-" + i)
              .setDelay(Durations.fromMillis(spreadMs * (i - from + 1) / (to - from))));
    }
    assertThat(service.calls().batchSchedule(batch.build()).getResultsList())
        .allMatch(result -> result.hasResponse());
  }

  private static boolean hasDone(Consumer consumer, int jobs) {
    consumer.keepUp();
    return consumer.done().size() > jobs;
  }

  private static boolean haveDone(List<Consumer> running, List<Consumer> all) {
    running.forEach(Consumer::keepUp);
    return done(all).size() == JOBS;
  }

  private static Set<String> done(List<Consumer> consumers) {
    Set<String> ids = new HashSet<>();
    consumers.forEach(consumer -> ids.addAll(consumer.done()));
    return ids;
  }

  private static long entries(RedisCommands commands, List<String> keys) throws Exception {
    long entries = 0;
    for (String key : keys) {
      entries += commands.call("XLEN", key).toLong();
    }
    return entries;
  }

  private static Queue queue(ServiceProcess service) {
    return service
        .queueCalls()
        .getQueue(GetQueueRequest.newBuilder().setQueue(QUEUE).build())
        .getQueue();
  }
}
