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
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** So long that no job comes again for its end while anybody waits here. */
  private static final Duration LONG_LEASE = Duration.ofSeconds(600);

  /** A worker that is passed over gets only what nobody at any replica took for so long. */
  private static final Duration UNTAKEN = Duration.ofSeconds(1);

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
        two.queueCalls()
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
    EndingWorker leaver = worker(one, "mail", 500, LONG_LEASE);
    EndingWorker stayer = worker(two, "mail", 500, LONG_LEASE);
    await("both watch").atMost(TIMEOUT).until(() -> leaver.isStarted() && stayer.isStarted());
    schedule("mail", 3_000, 3_000, 20);
    await("the load")
        .atMost(TIMEOUT)
        .until(
            () -> !leaver.jobs().isEmpty() && leaver.jobs().size() + stayer.jobs().size() > 1_000);
    assertThat(stop(leaver))
        .isIn(
            StopWatchOutcome.STOP_WATCH_OUTCOME_STOPPING, StopWatchOutcome.STOP_WATCH_OUTCOME_OVER);
    await("the end of the stream").atMost(TIMEOUT).until(() -> leaver.end().isPresent());
    assertThat(leaver.end().orElseThrow().isOk()).isTrue();
    assertThat(leaver.isStopped()).isTrue();
    await("all jobs")
        .atMost(TIMEOUT)
        .until(() -> leaver.jobs().size() + stayer.jobs().size() >= 3_000);
    // What was leased for the leaver and not written would be as late as its lease is long.
    assertThat(IntStream.concat(lateness(leaver), lateness(stayer)).max().orElseThrow())
        .isLessThan((int) LONG_LEASE.toMillis() / 2);
    await("all acks").atMost(TIMEOUT).until(() -> stats("mail").getLeasedJobs() == 0);
    assertThat(stats("mail").getRetriedTotal()).isZero();
    List<DueJob> jobs = Stream.concat(leaver.jobs().stream(), stayer.jobs().stream()).toList();
    assertThat(jobs).extracting(DueJob::getJobId).hasSize(3_000).doesNotHaveDuplicates();
    assertThat(jobs).allMatch(job -> job.getAttempt() == 1);
    stayer.close();
  }

  @Test
  void noJobDiesBesideAWorkerThatIsStuckWhileAnotherIsIdle() {
    EndingWorker stuck = worker(one, "mixed", 200, Duration.ofSeconds(2));
    stuck.stopActing();
    EndingWorker healthy = worker(two, "mixed", 200, LONG_LEASE);
    await("both watch").atMost(TIMEOUT).until(() -> stuck.isStarted() && healthy.isStarted());
    schedule("mixed", 400, 4_000, 2);
    await("all jobs").atMost(TIMEOUT).until(() -> ended(stats("mixed")) == 400);
    assertThat(stuck.jobs()).isNotEmpty();
    await("the news")
        .atMost(TIMEOUT)
        .until(() -> stuck.lost().contains(LostReason.LOST_REASON_EXPIRED));
    assertThat(stuck.lost())
        .isSubsetOf(LostReason.LOST_REASON_EXPIRED, LostReason.LOST_REASON_OVER);
    // None, but where the other replica stood still and took nothing for a second.
    List<DueJob> again = stuck.jobs().stream().filter(job -> job.getAttempt() > 1).toList();
    assertThat(again).allMatch(job -> EndingWorker.lateMs(job) >= UNTAKEN.toMillis());
    assertThat(stats("mixed").getDeadJobs()).isLessThanOrEqualTo(again.size());
    stuck.close();
    healthy.close();
  }

  private static long ended(QueueStats stats) {
    return stats.getAckedTotal() + stats.getDeadJobs();
  }

  /** Asked of the replica that does not have the watch, which may have to ask again. */
  private static StopWatchOutcome stop(EndingWorker leaver) {
    StopWatchRequest request =
        StopWatchRequest.newBuilder().setWatchToken(leaver.watchToken()).build();
    return await("an answer of the other replica")
        .atMost(TIMEOUT)
        .until(
            () -> two.calls().stopWatch(request).getOutcome(),
            outcome -> outcome != StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED);
  }

  private static EndingWorker worker(ServiceProcess at, String queue, int jobs, Duration lease) {
    return EndingWorker.on(at, queue, jobs, Durations.fromMillis(lease.toMillis()));
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
    return two.queueCalls()
        .getQueue(GetQueueRequest.newBuilder().setQueue(queue).build())
        .getQueue()
        .getStats();
  }

  private static ServiceProcess replica() {
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
        "dueline.store.timeout=20s",
        "dueline.drain.timeout=1s");
  }
}
