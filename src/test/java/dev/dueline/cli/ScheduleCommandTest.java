package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.JobState;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandTest {
  private ScriptedScheduler service;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.<ScheduleRequest>reply(
        "Schedule",
        request ->
            ScheduleResponse.newBuilder()
                .setJobId(request.getJobId().isEmpty() ? "made" : request.getJobId())
                .setDueTime(Timestamp.newBuilder().setSeconds(1_795_522_500))
                .setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_CREATED)
                .build());
    service.<RescheduleRequest>reply(
        "Reschedule",
        request ->
            RescheduleResponse.newBuilder()
                .setDueTime(Timestamp.newBuilder().setSeconds(1))
                .build());
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  @Test
  void failsWhereADeadJobKeepsTheId() {
    service.<ScheduleRequest>reply(
        "Schedule",
        request ->
            ScheduleResponse.newBuilder()
                .setJobId("nightly")
                .setOutcome(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED)
                .setJobState(JobState.JOB_STATE_DEAD)
                .build());
    CommandRun run = CommandRun.on(service, "schedule", "mail", "--id", "nightly");
    assertThat(run.out()).containsExactly("unchanged\tnightly\t1970-01-01T00:00:00.000Z");
    assertThat(run.err()).singleElement().asString().contains("dead", "--on-conflict replace");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void sendsEveryOption() {
    CommandRun run =
        CommandRun.on(
            service,
            ("schedule mail hello --id j1 --in 1500ms --attribute a=b=c --attribute d= --ttl 1h"
                    + " --max-attempts 3 --initial-backoff 2s --max-backoff 1m --multiplier 1.5"
                    + " --jitter 0 --on-conflict replace-if-later")
                .split(" "));
    assertThat(run.out()).containsExactly("created\tj1\t2026-11-24T12:15:00.000Z");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(service.requests(ScheduleRequest.class))
        .containsExactly(
            ScheduleRequest.newBuilder()
                .setQueue("mail")
                .setJobId("j1")
                .setPayload(ByteString.copyFromUtf8("hello"))
                .setDelay(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                .putAttributes("a", "b=c")
                .putAttributes("d", "")
                .setTtl(Duration.newBuilder().setSeconds(3_600))
                .setRetryPolicy(
                    RetryPolicy.newBuilder()
                        .setMaxAttempts(3)
                        .setInitialBackoff(Duration.newBuilder().setSeconds(2))
                        .setMaxBackoff(Duration.newBuilder().setSeconds(60))
                        .setMultiplier(1.5)
                        .setJitter(0))
                .setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_REPLACE_IF_LATER)
                .build());
  }

  @Test
  void sendsARule() {
    CommandRun run =
        CommandRun.on(
            service,
            "schedule",
            "mail",
            "--id=j1",
            "--cron=30 9 * * MON-FRI",
            "--zone=Europe/Berlin",
            "--until=2027-01-01T00:00:00Z",
            "--max-runs=9",
            "--missed=skip");
    assertThat(run.err()).isEmpty();
    CommandRun.on(service, "schedule", "mail", "--id", "j2", "--every", "90s");
    assertThat(service.requests(ScheduleRequest.class).stream().map(r -> r.getRecurrence()))
        .containsExactly(
            Recurrence.newBuilder()
                .setCron("30 9 * * MON-FRI")
                .setTimeZone("Europe/Berlin")
                .setEndTime(Timestamp.newBuilder().setSeconds(1_798_761_600))
                .setMaxRuns(9)
                .setMissedRunPolicy(MissedRunPolicy.MISSED_RUN_POLICY_SKIP)
                .build(),
            Recurrence.newBuilder().setInterval(Duration.newBuilder().setSeconds(90)).build());
    assertThat(CommandRun.on(service, "schedule", "mail", "--max-runs", "2").exitCode())
        .isEqualTo(
            CommandRun.on(service, "schedule", "mail", "--cron", "@hourly", "--every", "1s")
                .exitCode())
        .isNotZero();
  }

  @Test
  void leavesTheRestToTheService() {
    assertThat(CommandRun.on(service, "schedule", "mail").out())
        .containsExactly("created\tmade\t2026-11-24T12:15:00.000Z");
    assertThat(service.requests(ScheduleRequest.class))
        .containsExactly(ScheduleRequest.newBuilder().setQueue("mail").build());
  }

  @Test
  void takesATimeWithAnOffset() {
    CommandRun.on(service, "schedule", "mail", "--at", "2026-11-24T13:15:00+01:00");
    assertThat(service.requests(ScheduleRequest.class).get(0).getDueTime().getSeconds())
        .isEqualTo(1_795_522_500);
  }

  @Test
  void readsThePayloadFromStandardInput() {
    CommandRun.of(service.address(), "from a pipe", "schedule", "mail", "-");
    assertThat(service.requests(ScheduleRequest.class).get(0).getPayload().toStringUtf8())
        .isEqualTo("from a pipe");
  }

  @Test
  void readsThePayloadFromAFile(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("payload"), new byte[] {0, -1});
    CommandRun.on(service, "schedule", "mail", "--file", file.toString());
    assertThat(service.requests(ScheduleRequest.class).get(0).getPayload())
        .isEqualTo(ByteString.copyFrom(new byte[] {0, -1}));
  }

  @Test
  void takesTheServerAfterTheCommandToo() {
    CommandRun run =
        CommandRun.of("127.0.0.1:1", "", "schedule", "mail", "--server", service.address());
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void reschedules() {
    assertThat(CommandRun.on(service, "reschedule", "mail", "j1", "--in", "0s").out())
        .containsExactly("rescheduled\tj1\t1970-01-01T00:00:01.000Z");
    assertThat(service.requests(RescheduleRequest.class))
        .containsExactly(
            RescheduleRequest.newBuilder()
                .setQueue("mail")
                .setJobId("j1")
                .setDelay(Duration.getDefaultInstance())
                .build());
  }
}
