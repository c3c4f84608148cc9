package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.LostReason;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How watches begin and end, with two replicas and workers that ask either. */
class WatchEndIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static RedisServer redis;
  private static ServiceProcess one;
  private static ServiceProcess two;

  @BeforeAll
  static void start() {
    redis = RedisServer.inMemory();
    one = replica();
    two = replica();
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @Test
  void aQueueThatIsDeliveredToARedisStreamIsRefusedBeforeStarted() {
    schedule("streamed", 1, 0, 1);
    var unused =
        QueueServiceGrpc.newBlockingStub(two.channel())
            .setQueueDelivery(
                SetQueueDeliveryRequest.newBuilder()
                    .setQueue("streamed")
                    .setDelivery(
                        QueueDelivery.newBuilder()
                            .setStream(StreamDelivery.newBuilder().setConsumerGroup("g")))
                    .build());
    WatchDueRequest request = WatchDueRequest.newBuilder().addQueues("streamed").build();
    assertThatThrownBy(() -> one.calls().watchDue(request).hasNext())
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("FAILED_PRECONDITION");
  }

  /** The first worker ends in the middle, and asks the replica that it is not connected to. */
  @Test
  void aWorkerThatStopsItsWatchLeavesNoJobLate() {
    EndingWorker leaver = EndingWorker.on(one, "mail", 500, Durations.fromSeconds(30));
    EndingWorker stayer = EndingWorker.on(two, "mail", 500, Durations.fromSeconds(30));
    await("both watch").atMost(TIMEOUT).until(() -> leaver.isStarted() && stayer.isStarted());
    schedule("mail", 3_000, 3_000, 20);
    await("the load").atMost(TIMEOUT).until(() -> leaver.jobs().size() > 500);
    assertThat(
            two.calls()
                .stopWatch(StopWatchRequest.newBuilder().setWatchToken(leaver.watchToken()).build())
                .getOutcome())
        .isEqualTo(StopWatchOutcome.STOP_WATCH_OUTCOME_STOPPING);
    await("the end of the stream").atMost(TIMEOUT).until(() -> leaver.end().isPresent());
    assertThat(leaver.end().orElseThrow().isOk()).isTrue();
    assertThat(leaver.isStopped()).isTrue();
    await("all jobs")
        .atMost(TIMEOUT)
        .until(() -> leaver.jobs().size() + stayer.jobs().size() >= 3_000);
    assertThat(IntStream.concat(lateness(leaver), lateness(stayer)).max().orElseThrow())
        .isLessThan(1_000);
    await("all acks").atMost(TIMEOUT).until(() -> stats("mail").getLeasedJobs() == 0);
    assertThat(stats("mail").getRetriedTotal()).isZero();
    List<DueJob> jobs = Stream.concat(leaver.jobs().stream(), stayer.jobs().stream()).toList();
    assertThat(jobs).extracting(DueJob::getJobId).hasSize(3_000).doesNotHaveDuplicates();
    assertThat(jobs).allMatch(job -> job.getAttempt() == 1);
    stayer.close();
  }

  @Test
  void noJobDiesBesideAWorkerThatIsStuckWhileAnotherIsIdle() {
    EndingWorker stuck = EndingWorker.on(one, "mixed", 200, Durations.fromSeconds(2));
    stuck.stopActing();
    EndingWorker healthy = EndingWorker.on(two, "mixed", 200, Durations.fromSeconds(2));
    await("both watch").atMost(TIMEOUT).until(() -> stuck.isStarted() && healthy.isStarted());
    schedule("mixed", 400, 4_000, 2);
    await("all jobs")
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(stats("mixed")).returns(400L, QueueStats::getAckedTotal));
    assertThat(stuck.jobs()).isNotEmpty().allMatch(job -> job.getAttempt() == 1);
    assertThat(stuck.lost()).containsOnly(LostReason.LOST_REASON_EXPIRED);
    assertThat(stats("mixed").getDeadJobs()).isZero();
    stuck.close();
    healthy.close();
  }

  private static IntStream lateness(EndingWorker worker) {
    return worker.latenessMs().stream().mapToInt(Long::intValue);
  }

  /** Jobs that fall due evenly over a time. */
  private static void schedule(String queue, int jobs, int overMs, int attempts) {
    for (int from = 0; from < jobs; from += 500) {
      BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
      for (int i = from; i < Math.min(jobs, from + 500); i++) {
        batch.addRequests(
            ScheduleRequest.newBuilder()
                .setQueue(queue)
                .setJobId("job" + i)
                .setDelay(Durations.fromMillis(1_000 + (long) overMs * i / jobs))
                .setRetryPolicy(RetryPolicy.newBuilder().setMaxAttempts(attempts)));
      }
      var unused = two.calls().batchSchedule(batch.build());
    }
  }

  private static QueueStats stats(String queue) {
    return QueueServiceGrpc.newBlockingStub(two.channel())
        .getQueue(GetQueueRequest.newBuilder().setQueue(queue).build())
        .getQueue()
        .getStats();
  }

  private static ServiceProcess replica() {
    return ServiceProcess.start("quarkus.redis.hosts=redis://127.0.0.1:" + redis.port());
  }
}
