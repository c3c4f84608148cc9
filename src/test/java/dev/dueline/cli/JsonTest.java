package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.GetQueueResponse;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import dev.dueline.v1.Queue;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonTest {
  private ScriptedScheduler service;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  @Test
  void anAnswerIsAnObject() {
    service.<ScheduleRequest>reply(
        "Schedule",
        request ->
            ScheduleResponse.newBuilder()
                .setJobId("-a\n\"")
                .setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED)
                .setJobState(JobState.JOB_STATE_PENDING)
                .build());
    assertThat(CommandRun.on(service, "schedule", "mail", "--json").out())
        .containsExactly(
            "{\"outcome\":\"created\",\"job_id\":\"-a\\n\\\"\","
                + "\"due_time\":\"1970-01-01T00:00:00.000Z\",\"job_state\":\"pending\"}");
  }

  @Test
  void aJobIsAnObjectAndSoIsEachOfAList() {
    Job job =
        Job.newBuilder()
            .setQueue("mail")
            .setJobId("a")
            .setState(JobState.JOB_STATE_DEAD)
            .setPayload(ByteString.copyFromUtf8("p"))
            .putAttributes("k", "v")
            .setFailedAttempts(2)
            .build();
    service.<GetJobRequest>reply(
        "GetJob", request -> GetJobResponse.newBuilder().setJob(job).build());
    service.<ListJobsRequest>reply(
        "ListJobs", request -> ListJobsResponse.newBuilder().addJobs(job).addJobs(job).build());
    String object = CommandRun.on(service, "get", "mail", "a", "--json").out().get(0);
    assertThat(object)
        .contains(
            "\"queue\":\"mail\"",
            "\"state\":\"dead\"",
            "\"payload\":\"p\"",
            "\"attributes\":{\"k\":\"v\"}",
            "\"failed_attempts\":2");
    assertThat(CommandRun.on(service, "list", "mail", "--json").out())
        .containsExactly(object, object);
  }

  @Test
  void eachOfManyOutcomesIsAnObject() {
    service.<AckRequest>reply(
        "Ack",
        request ->
            AckResponse.newBuilder()
                .addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK)
                .addOutcomes(LeaseOutcome.LEASE_OUTCOME_LOST)
                .build());
    assertThat(CommandRun.on(service, "ack", "t", "u", "--json").out())
        .containsExactly(
            "{\"outcome\":\"ok\",\"lease_token\":\"t\"}",
            "{\"outcome\":\"lost\",\"lease_token\":\"u\"}");
  }

  @Test
  void aQueueIsAnObject() {
    service.<GetQueueRequest>reply(
        "GetQueue",
        request ->
            GetQueueResponse.newBuilder()
                .setQueue(Queue.newBuilder().setName("mail").setPaused(true))
                .build());
    assertThat(CommandRun.on(service, "queue", "show", "mail", "--json").out())
        .singleElement()
        .asString()
        .startsWith("{\"name\":\"mail\",\"paused\":true,")
        .contains("\"pending_jobs\":0");
  }

  @Test
  void aFailureIsAnObjectOnStandardError() {
    service.on(
        "GetJob",
        (request, response) ->
            response.onError(Status.NOT_FOUND.withDescription("none").asRuntimeException()));
    CommandRun run = CommandRun.on(service, "get", "mail", "a", "--json");
    assertThat(run.err())
        .containsExactly(
            "{\"code\":\"NOT_FOUND\",\"reason\":\"\",\"message\":\"NOT_FOUND: none\"}");
    assertThat(run.exitCode()).isEqualTo(1);
  }
}
