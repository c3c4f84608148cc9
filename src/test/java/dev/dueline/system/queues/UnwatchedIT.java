package dev.dueline.system.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SetQueueLimitsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What time ends is over for every call, though the worker is gone and nobody watches. */
class UnwatchedIT {
  private static final String QUEUE = "unwatched";
  private static final List<String> QUEUES = List.of("u0", "u1", "u2", "u3", "u4");
  private static final String NO_HOUSEKEEPING = "dueline.housekeeping.shards-per-second=0";
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.inMemory();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void everyCallGoesByTheClock() {
    leaseToAReplicaThatDies(
        List.of(QUEUE), "probe", "moved", "canceled", "replaced", "dead", "pulled");
    try (ServiceProcess service = replica(NO_HOUSEKEEPING)) {
      // In this order: once that which was due last is gone, so is the other.
      schedule(service, late("stored"));
      schedule(service, late("read"));
      await("the end of the leases")
          .atMost(TIMEOUT)
          .until(() -> state(service, "probe") == JobState.JOB_STATE_PENDING);

      assertThat(state(service, "dead")).isEqualTo(JobState.JOB_STATE_DEAD);
      assertThat(service.calls().reschedule(reschedule("moved")).hasDueTime()).isTrue();
      assertThat(service.calls().cancel(cancel("canceled")).getOutcome().name())
          .isEqualTo("CANCEL_OUTCOME_CANCELED");
      assertThat(
              schedule(
                      service,
                      job("replaced").setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE))
                  .getOutcome()
                  .name())
          .isEqualTo("SCHEDULE_OUTCOME_REPLACED");
      await("the end of the ttl").atMost(TIMEOUT).until(() -> isGone(service, "read"));
      assertThat(schedule(service, job("stored")).getOutcome().name())
          .isEqualTo("SCHEDULE_OUTCOME_CREATED");
      QueueStats stats = stats(service);
      assertThat(stats.getLeasedJobs()).isZero();
      assertThat(stats.getPendingJobs()).isEqualTo(5);
      assertThat(stats.getDeadJobs()).isEqualTo(1);
      assertThat(stats.getExpiredTotal()).isEqualTo(2);
      assertThat(service.calls().listJobs(leased()).getJobsList()).isEmpty();
      assertThat(service.calls().pullDue(pull(QUEUE, 10)).getJobsList())
          .extracting(job -> job.getJobId())
          .contains("probe", "pulled")
          .doesNotContain("dead", "moved");
    }
  }

  @Test
  void limitsGoByTheClock() {
    leaseToAReplicaThatDies(List.of(QUEUE), "waits");
    try (ServiceProcess service = replica(NO_HOUSEKEEPING)) {
      setMaxPending(service, 1);
      await("the end of the lease")
          .atMost(TIMEOUT)
          .until(() -> stats(service).getLeasedJobs() == 0);
      assertThatThrownBy(() -> schedule(service, job("one too many")))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("RESOURCE_EXHAUSTED");
      assertThat(service.calls().cancel(cancel("waits")).getOutcome().name())
          .isEqualTo("CANCEL_OUTCOME_CANCELED");
      schedule(service, late("late"));
      await("room")
          .atMost(TIMEOUT)
          .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
          .until(() -> schedule(service, job("another")).hasDueTime());
    }
  }

  @Test
  void countsGoByTheClock() {
    leaseToAReplicaThatDies(QUEUES, "a", "dead");
    try (ServiceProcess service = replica(NO_HOUSEKEEPING, "dueline.metrics.interval=1s")) {
      for (String queue : QUEUES) {
        await("the end of the leases of " + queue)
            .atMost(TIMEOUT)
            .until(
                () ->
                    gauge(service, queue, "due") == 1
                        && gauge(service, queue, "leased") == 0
                        && gauge(service, queue, "dead") == 1);
      }
    }
  }

  /** -1: it is not on the page. */
  private static double gauge(ServiceProcess service, String queue, String state) {
    String series = "dueline_jobs{queue=\"" + queue + "\",state=\"" + state + "\"} ";
    return ManagementPage.metrics(service)
        .text()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void housekeepingEndsWhatNobodyAsksFor() throws IOException {
    leaseToAReplicaThatDies(QUEUES, "a", "dead");
    try (ServiceProcess unused = replica("dueline.metrics.interval=0")) {
      await("the end of the leases").atMost(TIMEOUT).until(() -> all("leases", 0));
      assertThat(all("pending", 1)).isTrue();
      assertThat(all("dead", 1)).isTrue();
    }
    try (ServiceProcess unused = replica("dueline.metrics.interval=0", "dueline.dead.max-age=1s")) {
      await("the end of the dead").atMost(TIMEOUT).until(() -> all("dead", 0));
      assertThat(all("pending", 1)).isTrue();
    }
  }

  private boolean all(String index, long jobs) throws IOException {
    for (String queue : QUEUES) {
      if (!redis.call("ZCARD", "dueline:{" + queue + "/0}:" + index).equals(jobs)) {
        return false;
      }
    }
    return true;
  }

  private ServiceProcess replica(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("quarkus.redis.hosts=redis://127.0.0.1:" + redis.port());
    all.add("dueline.store.timeout=20s");
    return ServiceProcess.start(all.toArray(String[]::new));
  }

  /** Two seconds, then nobody is there who could end them. */
  private void leaseToAReplicaThatDies(List<String> queues, String... ids) {
    try (ServiceProcess service = replica(NO_HOUSEKEEPING)) {
      for (String queue : queues) {
        for (String id : ids) {
          schedule(service, job(id).setQueue(queue));
        }
        assertThat(service.calls().pullDue(pull(queue, ids.length)).getJobsList())
            .hasSize(ids.length);
      }
      service.kill();
    }
  }

  private static ScheduleRequest.Builder job(String id) {
    ScheduleRequest.Builder job =
        ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id).setDelay(Durations.ZERO);
    return id.equals("dead") ? job.setRetryPolicy(RetryPolicy.newBuilder().setMaxAttempts(1)) : job;
  }

  private static ScheduleRequest.Builder late(String id) {
    return job(id).setTtl(Durations.fromSeconds(1));
  }

  private static ScheduleResponse schedule(ServiceProcess service, ScheduleRequest.Builder job) {
    return service.calls().schedule(job.build());
  }

  private static JobState state(ServiceProcess service, String id) {
    return service.calls().getJob(named(id)).getJob().getState();
  }

  private static boolean isGone(ServiceProcess service, String id) {
    try {
      var unused = service.calls().getJob(named(id));
      return false;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      return true;
    }
  }

  private static GetJobRequest named(String id) {
    return GetJobRequest.newBuilder().setQueue(QUEUE).setJobId(id).build();
  }

  private static CancelRequest cancel(String id) {
    return CancelRequest.newBuilder().setQueue(QUEUE).setJobId(id).build();
  }

  private static RescheduleRequest reschedule(String id) {
    return RescheduleRequest.newBuilder()
        .setQueue(QUEUE)
        .setJobId(id)
        .setDelay(Durations.fromHours(1))
        .build();
  }

  private static ListJobsRequest leased() {
    return ListJobsRequest.newBuilder().setQueue(QUEUE).setState(JobState.JOB_STATE_LEASED).build();
  }

  private static PullDueRequest pull(String queue, int jobs) {
    return PullDueRequest.newBuilder()
        .addQueues(queue)
        .setMaxJobs(jobs)
        .setLeaseDuration(Durations.fromSeconds(2))
        .build();
  }

  private static void setMaxPending(ServiceProcess service, int jobs) {
    QueueLimits limits = QueueLimits.newBuilder().setMaxPendingJobs(jobs).build();
    var unused =
        service
            .queueCalls()
            .setQueueLimits(
                SetQueueLimitsRequest.newBuilder().setQueue(QUEUE).setLimits(limits).build());
  }

  private static QueueStats stats(ServiceProcess service) {
    return service
        .queueCalls()
        .getQueue(GetQueueRequest.newBuilder().setQueue(QUEUE).build())
        .getQueue()
        .getStats();
  }
}
