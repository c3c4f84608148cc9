package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue that nobody uses goes, also for the replica that is not told to delete such queues. */
class IdleQueuesIT {
  /** A look comes each 20 s: also where one is lost. */
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  // In the order in which they are looked at: the one that goes is the last.
  private static final String DEAD = "a-dead";
  private static final String WATCHED = "b-watched";
  private static final String IDLE = "c-idle";

  private RedisServer redis;
  private ServiceProcess keeping;

  @BeforeEach
  void start() {
    redis = RedisServer.inMemory();
    keeping = replica("dueline.housekeeping.shards-per-second=0", "dueline.metrics.interval=200ms");
  }

  @AfterEach
  void stop() {
    keeping.close();
    redis.close();
  }

  private ServiceProcess replica(String first, String second) {
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
        // What is cut off may leave a key.
        "dueline.store.timeout=60s",
        first,
        second);
  }

  private static DueJob scheduledAndPulled(ServiceProcess at, String queue) {
    var unused =
        at.calls()
            .schedule(
                ScheduleRequest.newBuilder().setQueue(queue).setDelay(Durations.ZERO).build());
    return at.calls()
        .pullDue(
            PullDueRequest.newBuilder()
                .addQueues(queue)
                .setMaxJobs(1)
                .setLeaseDuration(Durations.fromMinutes(10))
                .setWaitTime(Durations.fromSeconds(60))
                .build())
        .getJobs(0);
  }

  private static void ack(ServiceProcess at, DueJob job) {
    var unused =
        at.calls().ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());
  }

  private static List<String> listed(ServiceProcess at) {
    return QueueServiceGrpc.newBlockingStub(at.channel())
        .listQueues(ListQueuesRequest.getDefaultInstance())
        .getQueuesList()
        .stream()
        .map(Queue::getName)
        .toList();
  }

  /** As a replica left it that looked at the queue long ago. */
  private void lookedAtLongAgo(String queue) throws IOException {
    redis.call("HSET", "dueline:{" + queue + "/0}:meta", "idle", "1 1");
  }

  private boolean isCounted(String queue) {
    return ManagementPage.metrics(keeping).text().contains("dueline_jobs{queue=\"" + queue + "\",");
  }

  @Test
  void aQueueThatNobodyUsesGoes() throws IOException {
    DueJob broken = scheduledAndPulled(keeping, DEAD);
    var unused =
        keeping
            .calls()
            .nack(
                NackRequest.newBuilder()
                    .addLeaseTokens(broken.getLeaseToken())
                    .setDead(true)
                    .build());
    ack(keeping, scheduledAndPulled(keeping, WATCHED));
    ack(keeping, scheduledAndPulled(keeping, IDLE));
    await("metrics").atMost(TIMEOUT).until(() -> isCounted(IDLE));
    // What a replica told, with no end within this test.
    redis.call("HSET", "dueline:{b-watched/0}:meta", "watchers", "ab 1 9999999999999 1");
    for (String queue : List.of(DEAD, WATCHED, IDLE)) {
      lookedAtLongAgo(queue);
    }
    assertThat(listed(keeping)).containsExactly(DEAD, WATCHED, IDLE);

    try (ServiceProcess deleting =
        replica("dueline.queues.idle-ttl=1m", "dueline.metrics.interval=0")) {
      await("the deletion").atMost(TIMEOUT).until(() -> !listed(keeping).contains(IDLE));
      assertThat(listed(keeping)).containsExactly(DEAD, WATCHED);
      await("all of it")
          .atMost(TIMEOUT)
          .until(() -> redis.call("KEYS", "dueline:{" + IDLE + "/*").equals(List.of()));
      await("metrics").atMost(TIMEOUT).until(() -> !isCounted(IDLE));
      await("what was done")
          .atMost(TIMEOUT)
          .until(
              () -> ManagementPage.metrics(deleting).sum("dueline_idle_queues_deleted_total") == 1);

      ack(deleting, scheduledAndPulled(keeping, IDLE));
      assertThat(listed(deleting)).containsExactly(DEAD, WATCHED, IDLE);
    }
  }
}
