package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceFutureStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Calls that were sent to a replica that stands still, given up, repeated and canceled at another.
 */
class FrozenReplicaIT {
  private static final String QUEUE = "frozen";
  private static final int CALLS = 300;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static RedisServer redis;
  private static ServiceProcess frozen;
  private static ServiceProcess other;

  @BeforeAll
  static void start() {
    redis = RedisServer.inMemory();
    String hosts = "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port();
    // Redis does not freeze, though a busy machine may have it wait.
    String timeout = "dueline.store.timeout=30s";
    frozen = ServiceProcess.start(hosts, timeout);
    other = ServiceProcess.start(hosts, timeout);
  }

  @AfterAll
  static void stop() {
    frozen.close();
    other.close();
    redis.close();
  }

  private static ScheduleRequest request(String id) {
    return ScheduleRequest.newBuilder()
        .setQueue(QUEUE)
        .setJobId(id)
        .setDelay(Durations.fromSeconds(600))
        .build();
  }

  private static List<ListenableFuture<ScheduleResponse>> sent(
      String kind, SchedulerServiceFutureStub calls) {
    return IntStream.range(0, CALLS).mapToObj(i -> calls.schedule(request(kind + i))).toList();
  }

  @Test
  void nothingIsStoredThatWasCanceledElsewhere() {
    SchedulerServiceFutureStub calls = SchedulerServiceGrpc.newFutureStub(frozen.channel());
    frozen.calls().schedule(request("before"));
    frozen.stop();
    List<ListenableFuture<ScheduleResponse>> late =
        sent("late-", calls.withDeadlineAfter(2_500, TimeUnit.MILLISECONDS));
    List<ListenableFuture<ScheduleResponse>> unbounded = sent("unbounded-", calls);
    await().atMost(TIMEOUT).until(() -> late.stream().allMatch(ListenableFuture::isDone));
    unbounded.forEach(call -> call.cancel(true));
    for (String kind : List.of("late-", "unbounded-")) {
      repeatAndCancelElsewhere(kind);
    }
    frozen.resume();

    assertThat(frozen.calls().listJobs(list()).getJobsList())
        .extracting(Job::getJobId)
        .containsExactly("before");
    // What lay in the sockets is behind it once it takes jobs again.
    await().atMost(TIMEOUT).until(() -> takes(request("after")));
    assertThat(other.calls().listJobs(list()).getJobsList())
        .extracting(Job::getJobId)
        .containsExactly("before", "after");
    assertThat(ManagementPage.metrics(frozen).sum("dueline_standstills_total")).isPositive();
    assertThat(frozen.log()).contains("This replica stood still for");
  }

  private static void repeatAndCancelElsewhere(String kind) {
    List<ScheduleRequest> again =
        IntStream.range(0, CALLS).mapToObj(i -> request(kind + i)).toList();
    assertThat(
            other
                .calls()
                .batchSchedule(BatchScheduleRequest.newBuilder().addAllRequests(again).build())
                .getResultsList())
        .allMatch(BatchScheduleResult::hasResponse);
    Function<ScheduleRequest, CancelRequest> cancel =
        job -> CancelRequest.newBuilder().setQueue(QUEUE).setJobId(job.getJobId()).build();
    assertThat(
            other
                .calls()
                .batchCancel(
                    BatchCancelRequest.newBuilder()
                        .addAllRequests(again.stream().map(cancel).toList())
                        .build())
                .getOutcomesList())
        .containsOnly(CancelOutcome.CANCEL_OUTCOME_CANCELED);
  }

  @Test
  void aRequestIsKnownAtBothReplicasAfterItsJobIsGone() {
    ScheduleRequest request = request("known").toBuilder().setRequestId("1").build();
    await().atMost(TIMEOUT).until(() -> takes(request));
    other.calls().cancel(CancelRequest.newBuilder().setQueue(QUEUE).setJobId("known").build());

    for (ServiceProcess replica : List.of(frozen, other)) {
      assertThat(replica.calls().schedule(request).getFirstOutcome())
          .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
    }
    assertThat(other.calls().listJobs(list()).getJobsList())
        .extracting(Job::getJobId)
        .doesNotContain("known");
  }

  private static ListJobsRequest list() {
    return ListJobsRequest.newBuilder().setQueue(QUEUE).build();
  }

  /** Whether the replica takes a job; while it refuses it says that it was not in time. */
  private static boolean takes(ScheduleRequest request) {
    try {
      frozen.calls().schedule(request);
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return false;
    }
  }
}
