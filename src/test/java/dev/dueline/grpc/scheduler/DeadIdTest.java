package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.operation.TestStore;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.ItemError;
import dev.dueline.v1.JobState;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers hear of a dead job that has the id, and of one whose series is over. */
class DeadIdTest {
  private static final long DAY = 86_400_000;

  private final TestService service = new TestService();

  @AfterEach
  void close() {
    service.close();
  }

  /** "Schedule it every night with the same id", where one night goes wrong. */
  @Test
  void aJobOfEachNightRunsAgainAfterANightThatDied() {
    ScheduleRequest nightly =
        nightly().setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE).build();
    long first = TestStore.START_MS;
    expect(nightly, ScheduleOutcome.SCHEDULE_OUTCOME_CREATED, JobState.JOB_STATE_PENDING, first);
    expect(nightly, ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED, JobState.JOB_STATE_PENDING, first);
    die();
    service.store.nowMs.addAndGet(DAY);
    expect(
        nightly,
        ScheduleOutcome.SCHEDULE_OUTCOME_REPLACED,
        JobState.JOB_STATE_PENDING,
        first + DAY);
    String token = token();
    service.store.nowMs.addAndGet(1);
    expect(
        nightly,
        ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED,
        JobState.JOB_STATE_LEASED,
        first + DAY);
    Rejection underWay =
        Rejection.of(() -> schedule(nightly.toBuilder().putAttributes("night", "3").build()));
    assertThat(underWay.reason()).isEqualTo("JOB_LEASED");
    assertThat(underWay.info().getMetadataMap()).containsEntry("job_state", "JOB_STATE_LEASED");
    assertThat(token).isNotEmpty();
  }

  @Test
  void otherPoliciesTellThatTheJobIsDead() {
    ScheduleRequest nightly = nightly().build();
    schedule(nightly);
    die();
    service.store.nowMs.addAndGet(DAY);
    for (ConflictPolicy policy :
        List.of(ConflictPolicy.CONFLICT_POLICY_REJECT, ConflictPolicy.CONFLICT_POLICY_KEEP)) {
      expect(
          nightly.toBuilder().setConflictPolicy(policy).build(),
          ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED,
          JobState.JOB_STATE_DEAD,
          TestStore.START_MS);
    }
    ScheduleRequest other = nightly.toBuilder().putAttributes("night", "2").build();
    Rejection rejection = Rejection.of(() -> schedule(other));
    assertThat(rejection.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(rejection.reason()).isEqualTo("JOB_EXISTS");
    assertThat(rejection.status().getMessage()).contains("dead", "CONFLICT_POLICY_REPLACE");
    assertThat(rejection.info().getMetadataMap()).containsEntry("job_state", "JOB_STATE_DEAD");
    List<BatchScheduleResult> results =
        service
            .client()
            .batchSchedule(
                BatchScheduleRequest.newBuilder().addRequests(nightly).addRequests(other).build())
            .getResultsList();
    assertThat(results.get(0).getResponse().getJobState()).isEqualTo(JobState.JOB_STATE_DEAD);
    ItemError error = results.get(1).getError();
    assertThat(error.getMessage()).isEqualTo(rejection.status().getMessage());
    assertThat(error.getMetadataMap()).isEqualTo(rejection.info().getMetadataMap());
  }

  @Test
  void aRunIsNotMovedBeyondTheEndOfItsSeries() {
    ScheduleRequest.Builder series = nightly();
    series.setRecurrence(
        Recurrence.newBuilder()
            .setInterval(Durations.fromMillis(DAY))
            .setEndTime(Timestamps.fromMillis(TestStore.START_MS + DAY)));
    schedule(series.build());
    RescheduleRequest.Builder move =
        RescheduleRequest.newBuilder().setQueue("q").setJobId("nightly");
    var unused = service.client().reschedule(move.setDelay(Durations.fromMillis(DAY)).build());
    Rejection rejection =
        Rejection.of(
            () ->
                service.client().reschedule(move.setDelay(Durations.fromMillis(DAY + 1)).build()));
    assertThat(rejection.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(rejection.reason()).isEqualTo("AFTER_END_TIME");
    assertThat(rejection.info().getMetadataMap())
        .containsEntry("queue", "q")
        .containsEntry("job_id", "nightly");
  }

  /**
   * A service that states its schedule each time it starts does so after the last run is set, too.
   */
  @Test
  void theRequestOfASeriesIsKnownUntilItsLastRunIsOver() {
    ScheduleRequest.Builder series = nightly().clearWhen();
    series.setRecurrence(
        Recurrence.newBuilder()
            .setInterval(Durations.fromMillis(DAY))
            .setEndTime(Timestamps.fromMillis(TestStore.START_MS + DAY)));
    long last = TestStore.START_MS + DAY;
    ScheduleRequest request = series.build();
    expect(request, ScheduleOutcome.SCHEDULE_OUTCOME_CREATED, JobState.JOB_STATE_PENDING, last);
    service.store.nowMs.addAndGet(DAY / 2);
    expect(request, ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED, JobState.JOB_STATE_PENDING, last);
    assertThat(Rejection.of(() -> schedule(series.setJobId("late").build())).fields())
        .containsExactly("recurrence.end_time");
  }

  private static ScheduleRequest.Builder nightly() {
    return ScheduleRequest.newBuilder()
        .setQueue("q")
        .setJobId("nightly")
        .setDelay(Durations.fromMillis(0));
  }

  private ScheduleResponse schedule(ScheduleRequest request) {
    return service.client().schedule(request);
  }

  private void expect(ScheduleRequest request, ScheduleOutcome outcome, JobState state, long due) {
    assertThat(schedule(request))
        .isEqualTo(
            ScheduleResponse.newBuilder()
                .setJobId("nightly")
                .setDueTime(Timestamps.fromMillis(due))
                .setOutcome(outcome)
                .setJobState(state)
                .build());
  }

  private String token() {
    return service.lease("q", 1).get(0).token().encode();
  }

  private void die() {
    var unused =
        service
            .client()
            .nack(NackRequest.newBuilder().addLeaseTokens(token()).setDead(true).build());
  }
}
