package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request with a request_id is answered, the first time and again. */
class RequestIdTest {
  private final TestService service = new TestService();

  @AfterEach
  void close() {
    service.close();
  }

  private static ScheduleRequest.Builder request(String jobId) {
    return ScheduleRequest.newBuilder()
        .setQueue("q")
        .setJobId(jobId)
        .setDelay(Durations.fromSeconds(5))
        .setRequestId("7f9c1a1e-44a7-4ed6-b3d3-3c5d6a2c9b10");
  }

  @Test
  void aRepetitionAfterTheJobIsGoneSaysSoAndStoresNothing() {
    ScheduleResponse first = service.client().schedule(request("j").build());
    cancel("j");
    ScheduleResponse again = service.client().schedule(request("j").build());

    assertThat(first.getOutcome()).isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
    assertThat(first.getFirstOutcome()).isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_UNSPECIFIED);
    assertThat(again)
        .isEqualTo(
            first.toBuilder()
                .setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED)
                .clearJobState()
                .setFirstOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED)
                .build());
    assertThat(cancel("j")).isEqualTo(CancelOutcome.CANCEL_OUTCOME_NOT_FOUND);
  }

  @Test
  void aRepetitionOfACancelHasItsVerdictAndTouchesNoLaterJob() {
    CancelRequest cancel =
        CancelRequest.newBuilder().setQueue("q").setJobId("j").setRequestId("c").build();
    service.client().schedule(request("j").build());
    assertThat(service.client().cancel(cancel).getOutcome())
        .isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    service.client().schedule(request("j").setRequestId("2").build());

    BatchCancelRequest batch = BatchCancelRequest.newBuilder().addRequests(cancel).build();
    assertThat(service.client().batchCancel(batch).getOutcomesList())
        .containsExactly(CancelOutcome.CANCEL_OUTCOME_CANCELED);

    assertThat(cancel("j")).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
  }

  @Test
  void withoutAJobIdTheRequestIdMakesIt() {
    ScheduleResponse first = service.client().schedule(request("").build());
    ScheduleResponse again = service.client().schedule(request("").build());

    assertThat(first.getJobId()).matches("r[A-Za-z0-9_-]{20}").isEqualTo(again.getJobId());
    assertThat(again.getFirstOutcome()).isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
    assertThat(service.client().schedule(request("").setRequestId("2").build()).getJobId())
        .isNotEqualTo(first.getJobId());
  }

  @Test
  void anotherRequestUnderTheSameIdIsRefused() {
    service.client().schedule(request("j").build());

    Rejection rejection =
        Rejection.of(() -> service.client().schedule(request("j").putAttributes("a", "b").build()));

    assertThat(rejection.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(rejection.reason()).isEqualTo("REQUEST_ID_REUSED");
  }

  @Test
  void anItemThatRepeatsOneBeforeItInTheBatchIsARepetition() {
    List<BatchScheduleResult> results =
        service
            .client()
            .batchSchedule(
                BatchScheduleRequest.newBuilder()
                    .addRequests(request("j"))
                    .addRequests(request("j"))
                    .build())
            .getResultsList();

    assertThat(results)
        .extracting(result -> result.getResponse().getFirstOutcome())
        .containsExactly(
            ScheduleOutcome.SCHEDULE_OUTCOME_UNSPECIFIED, ScheduleOutcome.SCHEDULE_OUTCOME_CREATED);
  }

  @Test
  void anIdHasUpTo128BytesWithoutControlCharacters() {
    service.client().schedule(request("j").setRequestId("é".repeat(64)).build());

    for (String invalid : List.of("é".repeat(64) + "x", "a\nb")) {
      Rejection rejection =
          Rejection.of(() -> service.client().schedule(request("j").setRequestId(invalid).build()));
      assertThat(rejection.code()).isEqualTo(Code.INVALID_ARGUMENT);
      CancelRequest cancel =
          CancelRequest.newBuilder().setQueue("q").setJobId("j").setRequestId(invalid).build();
      Rejection ofCancel = Rejection.of(() -> service.client().cancel(cancel));
      assertThat(ofCancel.code()).isEqualTo(Code.INVALID_ARGUMENT);
    }
  }

  private CancelOutcome cancel(String jobId) {
    return service
        .client()
        .cancel(CancelRequest.newBuilder().setQueue("q").setJobId(jobId).build())
        .getOutcome();
  }
}
