package dev.dueline.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.DuelineException;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ItemError;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ProducerTest {
  private static final Duration CALL = Duration.ofMinutes(1);

  /** Of attempts that are not answered, as of those that are answered too late. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private ScriptedScheduler service;
  private Connection connection;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    connection = connect(CALL);
  }

  /** A connection whose attempts have so much time. */
  private Connection connect(Duration attempt) {
    return Connection.open(
        ConnectionSettings.to(service.address(), "dns:///" + service.address())
            .withTimeouts(CALL, attempt));
  }

  @AfterEach
  void close() throws InterruptedException {
    connection.close();
    service.close();
  }

  @Test
  void repeatsUnderOneRequestIdWhatWasNotAnswered() {
    AtomicInteger calls = new AtomicInteger();
    service.on(
        "Schedule",
        (request, response) -> {
          switch (calls.getAndIncrement()) {
            case 0 -> response.onError(Status.UNAVAILABLE.asRuntimeException());
            case 1 -> {
              // The attempt runs out.
            }
            default -> {
              response.onNext(ScheduleResponse.newBuilder().setJobId("a").build());
              response.onCompleted();
            }
          }
        });
    try (Connection hasty = connect(SHORT)) {
      ScheduleResponse answer = new Producer(hasty).schedule(NewJob.of("mail")).join();
      assertThat(answer.getJobId()).isEqualTo("a");
    }
    assertThat(service.requests(ScheduleRequest.class))
        .hasSizeGreaterThanOrEqualTo(3)
        .extracting(ScheduleRequest::getRequestId)
        .allMatch(id -> !id.isEmpty())
        .containsOnly(service.requests(ScheduleRequest.class).get(0).getRequestId());
  }

  @Test
  void repeatsNothingElse() {
    service.on(
        "Schedule",
        (request, response) -> response.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException()));
    assertThatThrownBy(() -> new Producer(connection).schedule(NewJob.of("mail")).join())
        .hasCauseInstanceOf(DuelineException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED");
    assertThat(service.requests(ScheduleRequest.class)).hasSize(1);
  }

  @Test
  void aDelayIsNotCountedTwice() {
    service.on("Reschedule", (request, response) -> {});
    RescheduleRequest.Builder request = RescheduleRequest.newBuilder().setQueue("mail");
    request.getDelayBuilder().setSeconds(5);
    try (Connection hasty = connect(SHORT)) {
      assertThatThrownBy(() -> new Producer(hasty).reschedule(request.build()).join())
          .hasMessageContaining("DEADLINE_EXCEEDED");
    }
    assertThat(service.requests(RescheduleRequest.class)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aBatchAnswersEachJobAndRepeatsOnlyThoseThatAreToBe() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    service.<BatchScheduleRequest>reply(
        "BatchSchedule",
        batch -> {
          int call = calls.getAndIncrement();
          BatchScheduleResponse.Builder answer = BatchScheduleResponse.newBuilder();
          for (ScheduleRequest request : batch.getRequestsList()) {
            answer.addResults(result(request, call));
          }
          return answer.build();
        });
    BatchingProducer producer = new BatchingProducer(connection);
    CompletableFuture<ScheduleResponse> well = producer.schedule(NewJob.of("mail").id("well"));
    CompletableFuture<ScheduleResponse> away = producer.schedule(NewJob.of("mail").id("away"));
    CompletableFuture<ScheduleResponse> bad = producer.schedule(NewJob.of("mail").id("bad"));
    assertThat(well.join().getJobId()).isEqualTo("well");
    assertThat(away.join().getJobId()).isEqualTo("away");
    assertThatThrownBy(bad::join).hasMessageContaining("ALREADY_EXISTS");
  }

  private static BatchScheduleResult result(ScheduleRequest request, int call) {
    BatchScheduleResult.Builder result = BatchScheduleResult.newBuilder();
    if (request.getJobId().equals("bad")) {
      result.setError(ItemError.newBuilder().setCode(Status.Code.ALREADY_EXISTS.value()));
    } else if (request.getJobId().equals("away") && call < 3) {
      result.setError(ItemError.newBuilder().setCode(Status.Code.UNAVAILABLE.value()));
    } else {
      result.setResponse(ScheduleResponse.newBuilder().setJobId(request.getJobId()));
    }
    return result.build();
  }
}
