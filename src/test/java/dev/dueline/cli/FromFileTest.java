package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ItemError;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FromFileTest {
  private ScriptedScheduler service;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.<BatchScheduleRequest>reply("BatchSchedule", FromFileTest::store);
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  /** Stores all but jobs with the id "bad". */
  private static BatchScheduleResponse store(BatchScheduleRequest batch) {
    BatchScheduleResponse.Builder answer = BatchScheduleResponse.newBuilder();
    for (ScheduleRequest request : batch.getRequestsList()) {
      BatchScheduleResult.Builder result = answer.addResultsBuilder();
      if (request.getJobId().equals("bad")) {
        result.setError(
            ItemError.newBuilder()
                .setCode(Status.Code.ALREADY_EXISTS.value())
                .setMessage("is there"));
      } else {
        result.setResponse(
            ScheduleResponse.newBuilder().setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED));
      }
    }
    return answer.build();
  }

  private List<ScheduleRequest> stored() {
    return service.requests(BatchScheduleRequest.class).stream()
        .flatMap(batch -> batch.getRequestsList().stream())
        .toList();
  }

  /** Batches may overtake each other. */
  private ScheduleRequest stored(String jobId) {
    return stored().stream()
        .filter(request -> request.getJobId().equals(jobId))
        .findFirst()
        .orElseThrow();
  }

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("jobs.jsonl"), String.join("\n", lines));
  }

  @Test
  void storesAJobALine() throws IOException {
    Path file =
        file(
            "{'job_id':'a','payload':'Dear Ann','delay':'5s','attributes':{'k':'v'}}",
            "",
            "{'queue':'text','payload':{'to':'Bob'},'cron':'@hourly','job_id':'b','state':'dead'}",
            "{'payload':'base64:AAE=','due_time':'2030-01-01T00:00:00Z','max_attempts':3}");
    Files.writeString(file, Files.readString(file).replace('\'', '"'));
    CommandRun run = CommandRun.on(service, "schedule", "mail", "--from-file", file.toString());
    assertThat(run.out()).containsExactly("stored\t3", "unchanged\t0", "failed\t0");
    assertThat(run.err()).endsWith("dueline: 4 lines done: 3 stored, 0 unchanged, 0 failed");
    assertThat(run.exitCode()).isZero();
    ScheduleRequest ann = stored("a");
    assertThat(ann.getQueue()).isEqualTo("mail");
    assertThat(ann.getDelay().getSeconds()).isEqualTo(5);
    assertThat(ann.getAttributesMap()).containsEntry("k", "v");
    ScheduleRequest bob = stored("b");
    assertThat(bob.getQueue()).isEqualTo("text");
    assertThat(bob.getPayload().toStringUtf8()).isEqualTo("{\"to\":\"Bob\"}");
    assertThat(bob.getRecurrence().getCron()).isEqualTo("@hourly");
    assertThat(stored("").getPayload().toByteArray()).containsExactly(0, 1);
    assertThat(stored("").getRetryPolicy().getMaxAttempts()).isEqualTo(3);
  }

  @Test
  void namesALineAlikeEachTimeAndNoTwoAlike() throws IOException {
    String file = file("{}", "{}").toString();
    CommandRun.on(service, "schedule", "mail", "--from-file", file);
    List<String> first = stored().stream().map(ScheduleRequest::getRequestId).toList();
    CommandRun.on(service, "schedule", "mail", "--from-file", file);
    List<String> both = stored().stream().map(ScheduleRequest::getRequestId).toList();
    assertThat(first).hasSize(2).doesNotHaveDuplicates();
    assertThat(both).hasSize(4).containsOnlyElementsOf(first);
  }

  @Test
  void tellsLinesThatCannotBeStoredAndGoesOn() throws IOException {
    String file = file("{\"job_id\":\"bad\"}", "[]", "{\"jobid\":\"c\"}", "{}").toString();
    CommandRun run = CommandRun.on(service, "schedule", "mail", "--from-file", file, "--json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).containsExactly("{\"stored\":1,\"unchanged\":0,\"failed\":3}");
    assertThat(run.err())
        .contains(
            "dueline: line 1: ALREADY_EXISTS: is there",
            "dueline: line 2: not a JSON object",
            "dueline: line 3: no job has a field jobid: names are those of get --json, such as"
                + " job_id, payload, due_time, delay");
  }

  @Test
  void goesOnBehindTheLinesThatAreDone() throws IOException {
    String file = file("{\"job_id\":\"a\"}", "{\"job_id\":\"b\"}").toString();
    Path progress = Files.writeString(folder.resolve("progress"), "1\n");
    CommandRun run =
        CommandRun.on(
            service, "schedule", "mail", "--from-file", file, "--progress", progress.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(stored()).extracting(ScheduleRequest::getJobId).containsExactly("b");
    assertThat(Files.readString(progress)).isEqualTo("2\n");
  }

  @Test
  void readsStandardInput() {
    CommandRun run =
        CommandRun.of(service.address(), "{}\n{}\n", "schedule", "mail", "--from-file", "-");
    assertThat(run.exitCode()).isZero();
    assertThat(stored()).hasSize(2);
  }

  @Test
  void endsWhereTheServiceRefusesAll() throws IOException {
    service.on(
        "BatchSchedule",
        (request, response) -> response.onError(Status.UNAUTHENTICATED.asRuntimeException()));
    String file = file("{}", "{}").toString();
    CommandRun run = CommandRun.on(service, "schedule", "mail", "--from-file", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("dueline: UNAUTHENTICATED");
  }
}
