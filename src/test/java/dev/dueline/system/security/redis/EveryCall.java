package dev.dueline.system.security.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.DeleteQueueRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.JobState;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Makes every call of both services, and sees that it does what it is for. */
final class EveryCall {
  private static final Duration LATER = Durations.fromSeconds(600);

  private final ServiceProcess service;

  EveryCall(ServiceProcess service) {
    this.service = service;
  }

  /** All of them, on queues of that name. */
  void run(String name) {
    schedulesAndLooks(name);
    cancels(name);
    pulls(name);
    watches(name + "-watched");
    runs(name + "-run");
  }

  /** A request with an id, which is another each time. */
  void repeats(String queue) {
    ScheduleRequest request =
        job(queue, "requested", LATER)
            .setRequestId(UUID.randomUUID().toString())
            .setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE)
            .build();
    ScheduleResponse first = calls().schedule(request);
    assertThat(calls().schedule(request).getFirstOutcome()).isEqualTo(first.getOutcome());
  }

  private void schedulesAndLooks(String queue) {
    for (ConflictPolicy policy :
        List.of(
            ConflictPolicy.CONFLICT_POLICY_REJECT,
            ConflictPolicy.CONFLICT_POLICY_KEEP,
            ConflictPolicy.CONFLICT_POLICY_REPLACE,
            ConflictPolicy.CONFLICT_POLICY_REPLACE_IF_EARLIER)) {
      calls().schedule(job(queue, "one", LATER).setConflictPolicy(policy).build());
    }
    BatchScheduleRequest batch =
        BatchScheduleRequest.newBuilder()
            .addRequests(job(queue, "two", LATER))
            .addRequests(job(queue, "three", LATER))
            .build();
    assertThat(calls().batchSchedule(batch).getResultsList())
        .allMatch(result -> result.hasResponse());
    calls()
        .reschedule(
            RescheduleRequest.newBuilder()
                .setQueue(queue)
                .setJobId("two")
                .setDelay(Durations.fromSeconds(900))
                .build());
    GetJobRequest get = GetJobRequest.newBuilder().setQueue(queue).setJobId("one").build();
    assertThat(calls().getJob(get).getJob().getJobId()).isEqualTo("one");
    assertThat(listed(queue, JobState.JOB_STATE_PENDING)).isEqualTo(3);
  }

  private void cancels(String queue) {
    assertThat(calls().cancel(cancel(queue, "one")).getOutcome())
        .isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    BatchCancelRequest rest =
        BatchCancelRequest.newBuilder()
            .addRequests(cancel(queue, "two"))
            .addRequests(cancel(queue, "three"))
            .build();
    assertThat(calls().batchCancel(rest).getOutcomesList())
        .containsOnly(CancelOutcome.CANCEL_OUTCOME_CANCELED);
  }

  private void pulls(String queue) {
    calls().schedule(job(queue, "pulled", Durations.fromMillis(50)).build());
    DueJob first = pull(queue);
    assertThat(listed(queue, JobState.JOB_STATE_LEASED)).isEqualTo(1);
    ExtendLeaseRequest extend =
        ExtendLeaseRequest.newBuilder()
            .addLeaseTokens(first.getLeaseToken())
            .setLeaseDuration(LATER)
            .build();
    assertThat(calls().extendLease(extend).getOutcomesList()).containsExactly(ok());
    NackRequest again =
        NackRequest.newBuilder()
            .addLeaseTokens(first.getLeaseToken())
            .setDelay(Durations.fromMillis(50))
            .build();
    assertThat(calls().nack(again).getOutcomesList()).containsExactly(ok());
    NackRequest dead =
        NackRequest.newBuilder()
            .addLeaseTokens(pull(queue).getLeaseToken())
            .setDead(true)
            .setReason("the test wants it so")
            .build();
    assertThat(calls().nack(dead).getOutcomesList()).containsExactly(ok());
    assertThat(listed(queue, JobState.JOB_STATE_DEAD)).isEqualTo(1);
    calls()
        .reschedule(
            RescheduleRequest.newBuilder()
                .setQueue(queue)
                .setJobId("pulled")
                .setDelay(Durations.ZERO)
                .build());
    assertThat(acked(pull(queue))).containsExactly(ok());
  }

  /** Two jobs, of which the second moves the head, and one that stays, for the sweeper to see. */
  private void watches(String queue) {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxOutstandingJobs(10)
            .setAutoExtend(true)
            .build();
    Iterator<WatchDueResponse> events =
        calls().withDeadlineAfter(120, TimeUnit.SECONDS).watchDue(request);
    calls().schedule(job(queue, "stays", LATER).build());
    calls().schedule(job(queue, "late", Durations.fromMillis(300)).build());
    calls().schedule(job(queue, "sooner", Durations.fromMillis(100)).build());
    int left = 2;
    while (left > 0) {
      for (DueJob job : events.next().getDueJobs().getJobsList()) {
        assertThat(acked(job)).containsExactly(ok());
        left--;
      }
    }
  }

  /** What operators call. */
  private void runs(String queue) {
    QueueServiceBlockingStub queues = service.queueCalls().withDeadlineAfter(180, TimeUnit.SECONDS);
    calls().schedule(job(queue, "dies", Durations.ZERO).build());
    NackRequest dead =
        NackRequest.newBuilder().addLeaseTokens(pull(queue).getLeaseToken()).setDead(true).build();
    assertThat(calls().nack(dead).getOutcomesList()).containsExactly(ok());
    QueueLimits limits =
        QueueLimits.newBuilder()
            .setMaxDispatchesPerSecond(1_000)
            .setMaxOutstandingJobs(1_000)
            .setMaxPendingJobs(1_000)
            .build();
    SetQueueLimitsRequest limit =
        SetQueueLimitsRequest.newBuilder().setQueue(queue).setLimits(limits).build();
    assertThat(queues.setQueueLimits(limit).getQueue().getLimits()).isEqualTo(limits);
    var paused = queues.pauseQueue(PauseQueueRequest.newBuilder().setQueue(queue).build());
    RedriveDeadJobsRequest redrive = RedriveDeadJobsRequest.newBuilder().setQueue(queue).build();
    assertThat(queues.redriveDeadJobs(redrive).getRedrivenJobs()).isEqualTo(1);
    var resumed = queues.resumeQueue(ResumeQueueRequest.newBuilder().setQueue(queue).build());
    assertThat(acked(pull(queue))).containsExactly(ok());
    calls().schedule(job(queue, "purged", LATER).build());
    PurgeQueueRequest purge =
        PurgeQueueRequest.newBuilder()
            .setQueue(queue)
            .setState(PurgeState.PURGE_STATE_PENDING)
            .build();
    queues
        .purgeQueue(purge)
        .forEachRemaining(progress -> assertThat(progress.getPurgedJobs()).isEqualTo(1));
    ListQueuesRequest list = ListQueuesRequest.newBuilder().setNamePrefix(queue).build();
    Queue listed = queues.listQueues(list).getQueues(0);
    assertThat(listed.getStats().getPendingJobs()).isZero();
    GetQueueRequest get = GetQueueRequest.newBuilder().setQueue(queue).build();
    assertThat(queues.getQueue(get).getQueue().getStats().getAckedTotal()).isEqualTo(1);
    CountJobsRequest count = CountJobsRequest.newBuilder().setQueue(queue).build();
    assertThat(queues.countJobs(count).getCountsList()).containsExactly(0L);
    ListWatchersRequest watchers = ListWatchersRequest.newBuilder().setQueue(queue).build();
    assertThat(queues.listWatchers(watchers).getWatchersList()).isEmpty();
    streams(queues, queue);
  }

  /** Two jobs that go to a stream, the second to one that is there already. */
  private void streams(QueueServiceBlockingStub queues, String queue) {
    SetQueueDeliveryRequest.Builder delivery = SetQueueDeliveryRequest.newBuilder().setQueue(queue);
    delivery.getDeliveryBuilder().getStreamBuilder();
    var stream = queues.setQueueDelivery(delivery.build());
    GetQueueRequest get = GetQueueRequest.newBuilder().setQueue(queue).build();
    long before = queues.getQueue(get).getQueue().getStats().getDispatchedTotal();
    for (int moved = 1; moved <= 2; moved++) {
      calls().schedule(job(queue, "streamed-" + moved, Durations.ZERO).build());
      long expected = before + moved;
      await("a job in the stream")
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> queues.getQueue(get).getQueue().getStats().getDispatchedTotal() == expected);
    }
    delivery.getDeliveryBuilder().getWatchersBuilder();
    Queue back = queues.setQueueDelivery(delivery.build()).getQueue();
    assertThat(back.getDelivery().hasWatchers()).isTrue();
    DeleteQueueRequest delete =
        DeleteQueueRequest.newBuilder().setQueue(queue).setForce(true).build();
    assertThat(queues.deleteQueue(delete).getDeletedJobs()).isZero();
    assertThatThrownBy(() -> queues.getQueue(get)).hasMessageStartingWith("NOT_FOUND");
  }

  private DueJob pull(String queue) {
    PullDueRequest request =
        PullDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxJobs(1)
            .setWaitTime(Durations.fromSeconds(50))
            .build();
    return calls().pullDue(request).getJobs(0);
  }

  private List<LeaseOutcome> acked(DueJob job) {
    return calls()
        .ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build())
        .getOutcomesList();
  }

  private int listed(String queue, JobState state) {
    ListJobsRequest request =
        ListJobsRequest.newBuilder()
            .setQueue(queue)
            .setState(state)
            .setIncludePayload(true)
            .setPageSize(10)
            .build();
    return calls().listJobs(request).getJobsCount();
  }

  private static LeaseOutcome ok() {
    return LeaseOutcome.LEASE_OUTCOME_OK;
  }

  private static CancelRequest cancel(String queue, String id) {
    return CancelRequest.newBuilder().setQueue(queue).setJobId(id).build();
  }

  private static ScheduleRequest.Builder job(String queue, String id, Duration delay) {
    return ScheduleRequest.newBuilder().setQueue(queue).setJobId(id).setDelay(delay);
  }

  private SchedulerServiceBlockingStub calls() {
    return service.calls().withDeadlineAfter(60, TimeUnit.SECONDS);
  }
}
