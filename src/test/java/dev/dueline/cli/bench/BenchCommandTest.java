package dev.dueline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import dev.dueline.cli.CommandRun;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BenchCommandTest {
  private FakeService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  @Test
  void emptyCountsItsCalls() {
    JsonObject figures =
        done("empty --jobs 300 --warm-up 20 --concurrency 7 --connections 2 --json");
    assertThat(figures.getString("command")).isEqualTo("empty");
    assertThat(figures.getInteger("calls")).isEqualTo(300);
    assertThat(figures.getInteger("errors")).isZero();
    assertThat(figures.getDouble("p99_9_ms")).isGreaterThanOrEqualTo(figures.getDouble("p50_ms"));
  }

  @Test
  void scheduleGivesEachJobAnIdAndTakesAllBack() {
    JsonObject figures = done("schedule --jobs 300 --warm-up 20 --payload 9 --queue mine --json");
    assertThat(figures.getInteger("jobs")).isEqualTo(300);
    assertThat(figures.getString("queue")).isEqualTo("mine");
    List<ScheduleRequest> requests = service.scripted().requests(ScheduleRequest.class);
    assertThat(requests).hasSize(320).extracting(ScheduleRequest::getJobId).doesNotHaveDuplicates();
    assertThat(requests)
        .allMatch(job -> job.getJobId().length() == 16 && job.getPayload().size() == 9);
    assertThat(service.waiting()).isEmpty();
  }

  @Test
  void batchFillsItsBatchesAndKeepsTheJobsIfToldSo() {
    JsonObject figures = done("batch --jobs 250 --batch 100 --warm-up 0 --keep --json");
    assertThat(figures.getInteger("jobs")).isEqualTo(250);
    assertThat(figures.getInteger("calls")).isEqualTo(3);
    assertThat(service.scripted().requests(BatchScheduleRequest.class))
        .extracting(BatchScheduleRequest::getRequestsCount)
        .containsExactlyInAnyOrder(100, 100, 50);
    assertThat(service.waiting()).hasSize(250);
  }

  @Test
  void deliverAcknowledgesEveryJob() {
    JsonObject figures = done("deliver --jobs 500 --warm-up 0 --lead 5m --json");
    assertThat(figures.getInteger("jobs")).isEqualTo(500);
    assertThat(figures.getInteger("duplicates")).isZero();
    assertThat(figures.getInteger("foreign")).isZero();
    assertThat(service.waiting()).isEmpty();
  }

  @Test
  void deliverSaysWhenLoadingOverran() {
    CommandRun run = service.bench("deliver --jobs 2000 --warm-up 0 --lead 0s");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().get(0)).startsWith("dueline: loading took ").contains("--lead");
    assertThat(service.waiting()).isEmpty();
  }

  @Test
  void latenessLeavesTheWarmUpOut() {
    JsonObject figures =
        done("lateness --rate 1000 --duration 200ms --warm-up 50 --lead 5m --json");
    assertThat(figures.getInteger("jobs")).isEqualTo(200);
    assertThat(figures.getInteger("received_early")).isEqualTo(200);
    assertThat(figures.getInteger("early")).isZero();
    assertThat(figures.getDouble("dispatch_max_ms")).isZero();
  }

  @Test
  void anAckThatDoesNotCountLeavesTheRunUnfinished() {
    service.ackWith(LeaseOutcome.LEASE_OUTCOME_LOST);
    // Where the machine stands still, a phase before it takes too long already.
    CommandRun run = service.bench("deliver --jobs 10 --warm-up 0 --lead 5m --phase-timeout 2s");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).anyMatch(line -> line.startsWith("dueline: DEADLINE_EXCEEDED: "));
  }

  @Test
  void aThresholdThatIsViolatedIsNamed() {
    CommandRun run =
        service.bench("schedule --jobs 10 --warm-up 0 --fail-if jobs<10 --fail-if jobs<11");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("jobs\t10");
    assertThat(run.err()).containsExactly("dueline: failed, as jobs<11: it is 10");
  }

  @Test
  void refusalsCountApartAndFailuresByTheirStatus() {
    AtomicInteger calls = new AtomicInteger();
    com.google.rpc.Status refusal =
        com.google.rpc.Status.newBuilder()
            .setCode(Code.UNAVAILABLE_VALUE)
            .addDetails(Any.pack(RetryInfo.getDefaultInstance()))
            .build();
    service
        .scripted()
        .on(
            "Schedule",
            (request, response) -> {
              int call = calls.getAndIncrement();
              if (call < 3) {
                response.onError(StatusProto.toStatusRuntimeException(refusal));
              } else if (call < 5) {
                response.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
              } else {
                response.onNext(ScheduleResponse.getDefaultInstance());
                response.onCompleted();
              }
            });
    CommandRun run = service.bench("schedule --jobs 9 --warm-up 0 --concurrency 1");
    assertThat(run.out())
        .contains("jobs\t4", "refusals\t3", "errors\t2", "error_resource_exhausted\t2");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"empty", "schedule", "batch", "deliver", "lateness", "memory", "burst", "mixed"})
  void everyScenarioHasHelpAndNeedsAService(String scenario) {
    CommandRun help = CommandRun.of("127.0.0.1:1", "", "bench", scenario, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(String.join("\n", help.out())).contains("--json", "--fail-if", "--timeout");
    CommandRun alone = CommandRun.of("127.0.0.1:1", "", "bench", scenario);
    assertThat(alone.exitCode()).isEqualTo(3);
    assertThat(alone.err().get(0)).startsWith("dueline: UNAVAILABLE: ");
  }

  private JsonObject done(String line) {
    CommandRun run = service.bench(line);
    assertThat(run.exitCode()).describedAs("%s", run.err()).isZero();
    assertThat(run.out()).hasSize(1);
    return new JsonObject(run.out().get(0));
  }
}
