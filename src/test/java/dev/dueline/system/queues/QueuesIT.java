package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SetQueueLimitsRequest;
import io.grpc.Context;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running a queue over replicas in processes of their own. */
class QueuesIT {
  static final String QUEUE = "run";
  private static final int SHARDS = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

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

  /** {@code -Ddueline.test.limit-seconds=30} measures for longer; the figure is printed. */
  @Test
  void aRateHoldsOverThreeReplicasAndFourShards() {
    int seconds = Integer.getInteger("dueline.test.limit-seconds", 5);
    int rate = 100;
    try (ServiceProcess one = replica();
        ServiceProcess two = replica();
        ServiceProcess three = replica()) {
      fill(one, 2 * rate * seconds, "job-");
      Queue limited =
          queues(two)
              .setQueueLimits(
                  SetQueueLimitsRequest.newBuilder()
                      .setQueue(QUEUE)
                      .setLimits(QueueLimits.newBuilder().setMaxDispatchesPerSecond(rate))
                      .build())
              .getQueue();
      assertThat(limited.getShards()).isEqualTo(SHARDS);
      List<DispatchTimes> watches = Stream.of(one, two, three).map(DispatchTimes::on).toList();
      await("the first jobs").atMost(TIMEOUT).until(() -> sum(watches) > 0);
      await("the time of the measurement")
          .atMost(Duration.ofSeconds(seconds).plus(TIMEOUT))
          .until(() -> span(watches) >= (seconds + 1) * 1_000L);
      List<Long> times = times(watches);
      long begin = times.get(0);
      long count = times.stream().filter(time -> time < begin + seconds * 1_000L).count();
      System.out.printf(
          "limit %d/s: %d jobs in %d s by Redis's clock, over 3 replicas and %d shards%n",
          rate, count, seconds, SHARDS);
      // By Redis's clock, so that no load on the machine can break it: what each shard may have
      // saved up is one delivery, and a tenth of a second of its rate.
      long saved = SHARDS + rate / 10;
      for (int i = 0; i + rate + saved < times.size(); i++) {
        assertThat(times.get((int) (i + rate + saved)) - times.get(i))
            .isGreaterThanOrEqualTo(1_000);
      }
    }
  }

  @Test
  void aPauseHoldsOnEveryReplicaAndOverRestartsOfAll() {
    try (ServiceProcess one = replica();
        ServiceProcess two = replica()) {
      fill(one, 1, "first-");
      DispatchTimes watch = DispatchTimes.on(two);
      await("the first job").atMost(TIMEOUT).until(() -> watch.count() == 1);

      var unused = queues(one).pauseQueue(PauseQueueRequest.newBuilder().setQueue(QUEUE).build());
      fill(two, 100, "held-");
      redis.kill();
      redis.restart();
      try (ServiceProcess three = replica()) {
        DispatchTimes late = DispatchTimes.on(three);
        await("its presence")
            .atMost(TIMEOUT)
            .until(() -> queue(three).getStats().getWatchers() == 2);
        assertThat(queue(three).getPaused()).isTrue();
        assertThat(queue(three).getStats().getDueJobs()).isEqualTo(100);
        assertThat(watch.count() + late.count()).isEqualTo(1);

        var again =
            queues(three).resumeQueue(ResumeQueueRequest.newBuilder().setQueue(QUEUE).build());
        await("the held jobs").atMost(TIMEOUT).until(() -> watch.count() + late.count() == 101);
      }
    }
  }

  @Test
  void aPurgeThatIsCutOffIsTakenUpAgain() {
    try (ServiceProcess service = replica()) {
      fill(service, 20_000, "job-", 3_600);
      PurgeQueueRequest request =
          PurgeQueueRequest.newBuilder()
              .setQueue(QUEUE)
              .setState(PurgeState.PURGE_STATE_PENDING)
              .build();
      Context.CancellableContext context = Context.current().withCancellation();
      context.run(() -> assertThat(queues(service).purgeQueue(request).hasNext()).isTrue());
      await("a part to be gone")
          .atMost(TIMEOUT)
          .until(() -> queue(service).getStats().getPendingJobs() < 20_000);
      context.cancel(null);

      Iterator<PurgeQueueResponse> progress = queues(service).purgeQueue(request);
      PurgeQueueResponse last = progress.next();
      while (progress.hasNext()) {
        PurgeQueueResponse next = progress.next();
        assertThat(next.getPurgedJobs()).isGreaterThanOrEqualTo(last.getPurgedJobs());
        last = next;
      }
      assertThat(last.getRemainingJobs()).isZero();
      assertThat(queue(service).getStats().getPendingJobs()).isZero();
    }
  }

  private ServiceProcess replica() {
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
        "dueline.queues.shards=" + SHARDS,
        "dueline.store.timeout=20s",
        "dueline.drain.timeout=1s");
  }

  private static QueueServiceBlockingStub queues(ServiceProcess service) {
    return service.queueCalls();
  }

  private static Queue queue(ServiceProcess service) {
    return queues(service)
        .getQueue(GetQueueRequest.newBuilder().setQueue(QUEUE).build())
        .getQueue();
  }

  private static void fill(ServiceProcess service, int jobs, String prefix) {
    fill(service, jobs, prefix, 0);
  }

  private static void fill(ServiceProcess service, int jobs, String prefix, long delaySeconds) {
    for (int from = 0; from < jobs; from += 1_000) {
      BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
      for (int i = from; i < Math.min(jobs, from + 1_000); i++) {
        batch.addRequests(
            ScheduleRequest.newBuilder()
                .setQueue(QUEUE)
                .setJobId(prefix + i)
                .setDelay(Durations.fromSeconds(delaySeconds)));
      }
      assertThat(service.calls().batchSchedule(batch.build()).getResultsList())
          .allMatch(result -> result.hasResponse());
    }
  }

  private static long sum(List<DispatchTimes> watches) {
    return watches.stream().mapToLong(DispatchTimes::count).sum();
  }

  private static long span(List<DispatchTimes> watches) {
    List<Long> times = times(watches);
    return times.get(times.size() - 1) - times.get(0);
  }

  private static List<Long> times(List<DispatchTimes> watches) {
    return watches.stream().flatMap(watch -> watch.ms().stream()).sorted().toList();
  }
}
