package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.UnreadableQueue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas, which give new queues one shard and four, when Redis loses what they remember. */
class LostQueuesIT {
  private static final String QUEUE = "mail";
  private static final int JOBS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private RedisServer redis;
  private ServiceProcess one;
  private ServiceProcess four;

  @BeforeEach
  void start() {
    redis = RedisServer.inMemory();
    one = replica(1);
    four = replica(4);
  }

  @AfterEach
  void stop() {
    one.close();
    four.close();
    redis.close();
  }

  private ServiceProcess replica(int shards) {
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
        "dueline.queues.shards=" + shards,
        "dueline.store.timeout=20s",
        "dueline.metrics.interval=200ms");
  }

  private static void schedule(ServiceProcess at, String queue, Duration delay) {
    IntStream.range(0, JOBS)
        .mapToObj(
            i ->
                ScheduleRequest.newBuilder()
                    .setQueue(queue)
                    .setJobId("job-" + i)
                    .setDelay(Durations.fromMillis(delay.toMillis()))
                    .build())
        .forEach(request -> at.calls().schedule(request));
  }

  private static List<CancelOutcome> cancel(ServiceProcess at) {
    return IntStream.range(0, JOBS)
        .mapToObj(i -> CancelRequest.newBuilder().setQueue(QUEUE).setJobId("job-" + i).build())
        .map(request -> at.calls().cancel(request).getOutcome())
        .distinct()
        .toList();
  }

  private static QueueServiceBlockingStub queues(ServiceProcess at) {
    return at.queueCalls();
  }

  private static Queue queue(ServiceProcess at, String name) {
    return queues(at).getQueue(GetQueueRequest.newBuilder().setQueue(name).build()).getQueue();
  }

  private static int pulled(ServiceProcess at) {
    return at.calls()
        .pullDue(
            PullDueRequest.newBuilder()
                .addQueues(QUEUE)
                .setMaxJobs(JOBS)
                .setLeaseDuration(Durations.fromSeconds(600))
                .build())
        .getJobsCount();
  }

  private static boolean isGone(ServiceProcess at) {
    try {
      Queue unused = queue(at, QUEUE);
      return false;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.NOT_FOUND;
    }
  }

  @Test
  void replicasAgreeOnAQueueThatWasFlushed() throws IOException {
    schedule(one, QUEUE, Duration.ofHours(1));
    assertThat(queue(four, QUEUE).getShards()).isEqualTo(1);
    redis.call("FLUSHALL");
    assertThat(isGone(one)).isTrue();
    assertThat(isGone(four)).isTrue();

    schedule(one, QUEUE, Duration.ofHours(1));
    assertThat(cancel(four)).containsExactly(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    assertThat(cancel(one)).containsExactly(CancelOutcome.CANCEL_OUTCOME_NOT_FOUND);

    redis.call("FLUSHALL");
    schedule(four, QUEUE, Duration.ZERO);
    int shards = queue(four, QUEUE).getShards();
    assertThat(queue(one, QUEUE).getShards()).isEqualTo(shards);
    await("all jobs").atMost(TIMEOUT).until(() -> pulled(one) + pulled(four) > 0 && due() == 0);
    assertThat(queue(one, QUEUE).getStats().getLeasedJobs()).isEqualTo(JOBS);
  }

  private long due() {
    return queue(one, QUEUE).getStats().getPendingJobs();
  }

  @Test
  void theRegistryIsWrittenAgainAndOneQueueThatCannotBeReadKeepsBackNoOther() throws IOException {
    schedule(one, QUEUE, Duration.ofHours(1));
    schedule(one, "good", Duration.ofHours(1));
    redis.call("DEL", "dueline:queues");
    assertThat(cancel(four)).containsExactly(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    await("the registry").atMost(TIMEOUT).until(() -> listed().getQueuesCount() == 2);

    redis.call("DEL", "dueline:{mail/0}:pending");
    redis.call("SET", "dueline:{mail/0}:pending", "somebody else's");
    assertThat(listed().getQueuesList()).extracting(Queue::getName).containsExactly("good");
    assertThat(listed().getUnreadableQueuesList())
        .extracting(UnreadableQueue::getName)
        .containsExactly(QUEUE);
    assertThatThrownBy(() -> queue(four, QUEUE))
        .hasMessageStartingWith("FAILED_PRECONDITION")
        .hasMessageContaining("dueline:{mail/0}:pending");
    await("metrics")
        .atMost(TIMEOUT)
        .until(() -> ManagementPage.metrics(four).sum("dueline_gauge_rounds_incomplete_total") > 1);
    schedule(four, "more", Duration.ofHours(1));
    await("gauges of others")
        .atMost(TIMEOUT)
        .until(() -> ManagementPage.metrics(four).text().contains("queue=\"more\""));
    assertThat(four.log().split("mail/0 \\(dueline:\\{mail/0}:pending\\)", -1)).hasSize(2);
  }

  private ListQueuesResponse listed() {
    return queues(four).listQueues(ListQueuesRequest.getDefaultInstance());
  }
}
