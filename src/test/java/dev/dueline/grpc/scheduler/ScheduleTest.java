package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedule, Reschedule and GetJob, over a real channel. */
class ScheduleTest {
  private static final Timestamp NOW = Timestamps.fromMillis(TestStore.START_MS);

  private final TestService service = new TestService();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aJobIsStoredAndReadBackWhole() {
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue("q")
            .setJobId("j")
            .setDelay(Duration.newBuilder().setSeconds(5).setNanos(1))
            .setPayload(ByteString.copyFromUtf8("payload"))
            .putAttributes("a", "b")
            .setRetryPolicy(RetryPolicy.newBuilder().setMaxAttempts(3).setJitter(0))
            .setTtl(Duration.newBuilder().setSeconds(60))
            .build();
    ScheduleResponse response = service.client().schedule(request);
    Timestamp due = Timestamps.fromMillis(TestStore.START_MS + 5_001);
    assertThat(response.getJobId()).isEqualTo("j");
    assertThat(response.getDueTime()).isEqualTo(due);
    assertThat(response.getOutcome()).isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
    assertThat(read("j"))
        .isEqualTo(
            Job.newBuilder()
                .setQueue("q")
                .setJobId("j")
                .setState(JobState.JOB_STATE_PENDING)
                .setDueTime(due)
                .setCreateTime(NOW)
                .setPayload(request.getPayload())
                .putAttributes("a", "b")
                .setRetryPolicy(
                    RetryPolicy.newBuilder()
                        .setMaxAttempts(3)
                        .setInitialBackoff(Durations.fromMillis(1_000))
                        .setMaxBackoff(Durations.fromMillis(600_000))
                        .setMultiplier(2)
                        .setJitter(0))
                .setTtl(request.getTtl())
                .build());
  }

  @Test
  void aJobWithoutAnIdGetsOneOfItsOwn() {
    String first = service.client().schedule(job("").build()).getJobId();
    String second = service.client().schedule(job("").build()).getJobId();
    assertThat(first).matches("[A-Za-z][A-Za-z0-9_-]{19}").isNotEqualTo(second);
    assertThat(read(first).getDueTime()).isEqualTo(NOW);
  }

  @Test
  void anIdenticalRequestChangesNothing() {
    service.client().schedule(job("j").build());
    assertThat(service.client().schedule(job("j").build()).getOutcome())
        .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED);
  }

  @Test
  void anIdThatIsTakenIsRefused() {
    service.client().schedule(job("j").build());
    ScheduleRequest other = job("j").putAttributes("a", "b").build();
    Rejection rejection = Rejection.of(() -> service.client().schedule(other));
    assertThat(rejection.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(rejection.reason()).isEqualTo("JOB_EXISTS");
    assertThat(rejection.info().getDomain()).isEqualTo("dueline.dev");
    assertThat(rejection.info().getMetadataMap())
        .isEqualTo(Map.of("queue", "q", "job_id", "j", "job_state", "JOB_STATE_PENDING"));
    ScheduleRequest keep =
        other.toBuilder().setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_KEEP).build();
    assertThat(service.client().schedule(keep).getOutcome())
        .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED);
    ScheduleRequest replace =
        other.toBuilder().setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE).build();
    assertThat(service.client().schedule(replace).getOutcome())
        .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_REPLACED);
  }

  @Test
  void theEarlierOrTheLaterCanWin() {
    service.client().schedule(at("j", 10).build());
    ScheduleRequest later =
        at("j", 20).setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE_IF_EARLIER).build();
    assertThat(service.client().schedule(later).getDueTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 10_000));
    ScheduleRequest debounced =
        at("j", 20).setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE_IF_LATER).build();
    assertThat(service.client().schedule(debounced).getOutcome())
        .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_REPLACED);
  }

  @Test
  void aJobThatAWatcherHoldsIsNotReplacedNorMoved() {
    service.client().schedule(job("j").build());
    service.lease("q", 1);
    ScheduleRequest other =
        job("j")
            .putAttributes("a", "b")
            .setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE)
            .build();
    Rejection refused = Rejection.of(() -> service.client().schedule(other));
    assertThat(refused.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.reason()).isEqualTo("JOB_LEASED");
    Rejection unmoved = Rejection.of(() -> service.client().reschedule(move("j")));
    assertThat(unmoved.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(unmoved.reason()).isEqualTo("JOB_LEASED");
    Job job = read("j");
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_LEASED);
    assertThat(job.getLeaseExpireTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 30_000));
  }

  @Test
  void aWaitingJobIsMoved() {
    service.client().schedule(job("j").build());
    Timestamp due = Timestamps.fromMillis(TestStore.START_MS + 60_000);
    assertThat(service.client().reschedule(move("j")).getDueTime()).isEqualTo(due);
    assertThat(read("j").getDueTime()).isEqualTo(due);
    RescheduleRequest past =
        RescheduleRequest.newBuilder().setQueue("q").setJobId("j").setDueTime(NOW).build();
    assertThat(service.client().reschedule(past).getDueTime()).isEqualTo(NOW);
  }

  @Test
  void whatIsNotThereIsNotFoundAndItsQueueDoesNotComeToBe() {
    GetJobRequest get = GetJobRequest.newBuilder().setQueue("q").setJobId("j").build();
    Rejection unread = Rejection.of(() -> service.client().getJob(get));
    assertThat(unread.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(unread.reason()).isEqualTo("JOB_NOT_FOUND");
    assertThat(Rejection.of(() -> service.client().reschedule(move("j"))).reason())
        .isEqualTo("JOB_NOT_FOUND");
    assertThat(service.store.queues).isEmpty();
    service.client().schedule(job("other").build());
    assertThat(Rejection.of(() -> service.client().getJob(get)).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(Rejection.of(() -> service.client().reschedule(move("j"))).code())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void namesThatCannotBeAreRefusedEverywhere() {
    GetJobRequest get = GetJobRequest.getDefaultInstance();
    assertThat(Rejection.of(() -> service.client().getJob(get)).fields())
        .containsExactly("queue", "job_id");
    RescheduleRequest nowhere = RescheduleRequest.newBuilder().setQueue("q").setJobId("j").build();
    assertThat(Rejection.of(() -> service.client().reschedule(nowhere)).fields())
        .containsExactly("delay");
  }

  @Test
  void theStoresFailuresHaveTheirCodes() {
    expect(new StoreUnavailableException("down", null), Code.UNAVAILABLE, "REDIS_UNAVAILABLE");
    expect(new StoreFullException("full", null), Code.RESOURCE_EXHAUSTED, "REDIS_OUT_OF_MEMORY");
    expect(new StoreReplyException("what?", null), Code.INTERNAL, "BUG");
    expect(new IllegalStateException("secret"), Code.INTERNAL, "BUG");
  }

  private void expect(Throwable failure, Code code, String reason) {
    service.store.failingShards.put(new Shard(new QueueName("q"), 0), failure);
    Rejection rejection = Rejection.of(() -> service.client().schedule(job("j").build()));
    assertThat(rejection.code()).isEqualTo(code);
    assertThat(rejection.reason()).isEqualTo(reason);
    assertThat(rejection.status().getMessage()).doesNotContain("secret", "what?");
    if (code != Code.INTERNAL) {
      assertThat(rejection.retry().hasRetryDelay()).isTrue();
    }
  }

  private Job read(String id) {
    return service
        .client()
        .getJob(GetJobRequest.newBuilder().setQueue("q").setJobId(id).build())
        .getJob();
  }

  private static ScheduleRequest.Builder job(String id) {
    return ScheduleRequest.newBuilder().setQueue("q").setJobId(id);
  }

  private static ScheduleRequest.Builder at(String id, int seconds) {
    return job(id).setDueTime(Timestamps.fromMillis(TestStore.START_MS + 1_000L * seconds));
  }

  private static RescheduleRequest move(String id) {
    return RescheduleRequest.newBuilder()
        .setQueue("q")
        .setJobId(id)
        .setDelay(Durations.fromMillis(60_000))
        .build();
  }
}
