package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.message.Times;
import dev.dueline.operation.TestStore;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurring jobs over a real channel. The store's clock says 2023-11-14T22:13:20Z. */
class RecurrenceTest {
  private static final long NOW = TestStore.START_MS;
  private static final long MINUTE = 60_000;
  private static final long NEXT_MINUTE = NOW + 40_000;

  private final TestService service = new TestService();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void theRuleGivesTheFirstRunByTheStoresClock() {
    ScheduleResponse response = service.client().schedule(cron("* * * * *").build());
    assertThat(response.getDueTime()).isEqualTo(Timestamps.fromMillis(NEXT_MINUTE));
    service.store.nowMs.addAndGet(5 * MINUTE);
    assertThat(service.client().schedule(cron("* * * * *").build()))
        .isEqualTo(
            response.toBuilder().setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED).build());
    assertThat(service.client().schedule(every(90_000).build()).getDueTime())
        .isEqualTo(Timestamps.fromMillis(NOW + 5 * MINUTE + 90_000));
  }

  @Test
  void theCallerMayGiveIt() {
    Timestamp past = Timestamps.fromMillis(NOW - 12_345);
    assertThat(service.client().schedule(cron("* * * * *").setDueTime(past).build()).getDueTime())
        .isEqualTo(past);
    assertThat(
            service
                .client()
                .schedule(every(90_000).setDelay(Durations.fromMillis(1_000)).build())
                .getDueTime())
        .isEqualTo(Timestamps.fromMillis(NOW + 1_000));
  }

  @Test
  void aJobTellsItsSeries() {
    Recurrence recurrence =
        Recurrence.newBuilder()
            .setCron("*/20 * * * *")
            .setTimeZone("Europe/Berlin")
            .setEndTime(Timestamps.fromMillis(NEXT_MINUTE + 90 * MINUTE))
            .setMaxRuns(9)
            .setMissedRunPolicy(MissedRunPolicy.MISSED_RUN_POLICY_SKIP)
            .build();
    service.client().schedule(job("cron").setRecurrence(recurrence).build());
    Job job = read("cron");
    assertThat(job.getRecurrence()).isEqualTo(recurrence);
    assertThat(millis(job.getDueTime())).isEqualTo(NEXT_MINUTE + 6 * MINUTE);
    assertThat(nextDueTimes(job))
        .containsExactly(
            NEXT_MINUTE + 26 * MINUTE,
            NEXT_MINUTE + 46 * MINUTE,
            NEXT_MINUTE + 66 * MINUTE,
            NEXT_MINUTE + 86 * MINUTE);
    Job listed =
        service.client().listJobs(ListJobsRequest.newBuilder().setQueue("q").build()).getJobs(0);
    assertThat(listed).isEqualTo(job.toBuilder().clearNextDueTimes().build());
  }

  @Test
  void anAckSetsTheNextRun() {
    service.client().schedule(every(MINUTE).setDelay(Durations.fromMillis(0)).build());
    assertThat(ack(token())).containsExactly(LeaseOutcome.LEASE_OUTCOME_OK);
    Job next = read("every");
    assertThat(next.getDueTime()).isEqualTo(Timestamps.fromMillis(NOW + MINUTE));
    assertThat(next.getCompletedRuns()).isEqualTo(1);
    assertThat(nextDueTimes(next))
        .isEqualTo(LongStream.range(2, 7).mapToObj(i -> NOW + i * MINUTE).toList());
    service.store.nowMs.addAndGet(10 * MINUTE);
    ack(token());
    assertThat(read("every").getMissedRuns()).isEqualTo(8);
    assertThat(read("every").getDueTime()).isEqualTo(Timestamps.fromMillis(NOW + 10 * MINUTE));
  }

  @Test
  void aDeadRunSetsTheNextOne() {
    service.client().schedule(every(MINUTE).setDelay(Durations.fromMillis(0)).build());
    service
        .client()
        .nack(
            NackRequest.newBuilder().addLeaseTokens(token()).setDead(true).setReason("no").build());
    Job next = read("every");
    assertThat(next.getState()).isEqualTo(JobState.JOB_STATE_PENDING);
    assertThat(next.getDueTime()).isEqualTo(Timestamps.fromMillis(NOW + MINUTE));
    assertThat(next.getLastFailure()).isEqualTo("no");
    assertThat(next.getCompletedRuns()).isZero();
  }

  @Test
  void aSeriesThatEndsDeadHasNoNextRun() {
    ScheduleRequest.Builder once = every(MINUTE).setDelay(Durations.fromMillis(0));
    once.getRecurrenceBuilder().setMaxRuns(1);
    service.client().schedule(once.build());
    assertThat(nextDueTimes(read("every"))).isEmpty();
    service.client().nack(NackRequest.newBuilder().addLeaseTokens(token()).setDead(true).build());
    assertThat(read("every").getState()).isEqualTo(JobState.JOB_STATE_DEAD);
  }

  @Test
  void rescheduleMovesTheNextRun() {
    service.client().schedule(cron("0 * * * *").build());
    service
        .client()
        .reschedule(
            RescheduleRequest.newBuilder()
                .setQueue("q")
                .setJobId("cron")
                .setDelay(Durations.fromMillis(0))
                .build());
    Job moved = read("cron");
    assertThat(moved.getDueTime()).isEqualTo(Timestamps.fromMillis(NOW));
    assertThat(nextDueTimes(moved).get(0)).isEqualTo(NEXT_MINUTE + 46 * MINUTE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "61 * * * *        | -             | recurrence.cron",
        "0 0 30 2 *        | -             | recurrence.cron",
        "@reboot           | -             | recurrence.cron",
        "* * * * *         | Mars/Olympus  | recurrence.time_zone",
        "* * * * *         | +02:00        | recurrence.time_zone",
      })
  void refusesARule(String cron, String zone, String field) {
    ScheduleRequest.Builder request = cron(cron);
    request.getRecurrenceBuilder().setTimeZone(zone == null ? "" : zone);
    refused(request, field);
  }

  @Test
  void refusesWhatBreaksALimit() {
    refused(job("r").setRecurrence(Recurrence.getDefaultInstance()), "recurrence.cron");
    refused(cron("* * * * *").clearJobId(), "job_id");
    refused(cron("0 ".repeat(200)), "recurrence.cron");
    ScheduleRequest.Builder long1 = cron("* * * * *");
    long1.getRecurrenceBuilder().setTimeZone("x".repeat(65));
    refused(long1, "recurrence.time_zone", "recurrence.time_zone");
    refused(every(999), "recurrence.interval");
    refused(every(Long.MAX_VALUE / 2_000_000), "recurrence.interval");
    ScheduleRequest.Builder zoned = every(MINUTE);
    zoned.getRecurrenceBuilder().setTimeZone("UTC").setMaxRuns(-1).setMissedRunPolicyValue(9);
    refused(zoned, "recurrence.time_zone", "recurrence.max_runs", "recurrence.missed_run_policy");
  }

  @Test
  void refusesASeriesThatEndsBeforeItsFirstRun() {
    for (ScheduleRequest.Builder request :
        List.of(
            cron("0 * * * *"),
            every(MINUTE),
            every(10 * MINUTE).setDelay(Durations.fromMillis(2 * MINUTE)),
            every(10 * MINUTE).setDueTime(Timestamps.fromMillis(NOW + 2 * MINUTE)))) {
      request.getRecurrenceBuilder().setEndTime(Timestamps.fromMillis(NOW + MINUTE - 1));
      refused(request, "recurrence.end_time");
      request.getRecurrenceBuilder().setEndTime(Timestamps.fromMillis(NOW + 60 * MINUTE));
      assertThat(service.client().schedule(request.build()).getOutcome())
          .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
      service
          .client()
          .cancel(
              dev.dueline.v1.CancelRequest.newBuilder()
                  .setQueue("q")
                  .setJobId(request.getJobId())
                  .build());
    }
  }

  @Test
  void aBatchTellsEachItemItsOwn() {
    ScheduleRequest.Builder over = every(MINUTE).setJobId("over");
    over.getRecurrenceBuilder().setEndTime(Timestamps.fromMillis(NOW));
    List<BatchScheduleResult> results =
        service
            .client()
            .batchSchedule(
                BatchScheduleRequest.newBuilder()
                    .addRequests(over)
                    .addRequests(cron("* * * * *"))
                    .addRequests(job("plain"))
                    .addRequests(cron("* * 30 2 *").setJobId("never"))
                    .build())
            .getResultsList();
    assertThat(results.get(0).getError().getMessage()).startsWith("recurrence.end_time: must");
    assertThat(results.get(1).getResponse().getDueTime())
        .isEqualTo(Timestamps.fromMillis(NEXT_MINUTE));
    assertThat(results.get(2).getResponse().getJobId()).isEqualTo("plain");
    assertThat(results.get(3).getError().getMessage()).startsWith("recurrence.cron: never fires");
  }

  private void refused(ScheduleRequest.Builder request, String... fields) {
    Rejection rejection = Rejection.of(() -> service.client().schedule(request.build()));
    assertThat(rejection.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(rejection.fields()).containsExactly(fields);
  }

  private String token() {
    return service.lease("q", 1).get(0).token().encode();
  }

  private List<LeaseOutcome> ack(String token) {
    return service
        .client()
        .ack(AckRequest.newBuilder().addLeaseTokens(token).build())
        .getOutcomesList();
  }

  private Job read(String id) {
    return service
        .client()
        .getJob(GetJobRequest.newBuilder().setQueue("q").setJobId(id).build())
        .getJob();
  }

  private static List<Long> nextDueTimes(Job job) {
    return job.getNextDueTimesList().stream().map(RecurrenceTest::millis).toList();
  }

  private static long millis(Timestamp time) {
    return Times.roundUpToMs(time);
  }

  private static ScheduleRequest.Builder job(String id) {
    return ScheduleRequest.newBuilder()
        .setQueue("q")
        .setJobId(id)
        .setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REJECT);
  }

  private static ScheduleRequest.Builder cron(String cron) {
    return job("cron").setRecurrence(Recurrence.newBuilder().setCron(cron));
  }

  private static ScheduleRequest.Builder every(long intervalMs) {
    return job("every")
        .setRecurrence(Recurrence.newBuilder().setInterval(Durations.fromMillis(intervalMs)));
  }
}
