package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.Recurrence;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobCommandsTest {
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
  void cancelPrintsEachOutcomeAndFailsUnlessAllAreCanceled() {
    service.<BatchCancelRequest>reply(
        "BatchCancel",
        request ->
            BatchCancelResponse.newBuilder()
                .addOutcomes(CancelOutcome.CANCEL_OUTCOME_CANCELED)
                .addOutcomes(CancelOutcome.CANCEL_OUTCOME_NOT_FOUND)
                .build());
    CommandRun run =
        CommandRun.on(service, "cancel", "mail", "a", "b", "--leased", "--request-id", "r");
    assertThat(run.out()).containsExactly("canceled\ta", "not-found\tb");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(service.requests(BatchCancelRequest.class).get(0).getRequestsList())
        .allMatch(one -> one.getQueue().equals("mail") && one.getCancelLeased())
        .allMatch(one -> one.getRequestId().equals("r"));
    assertThat(CommandRun.on(service, "cancel", "mail", "a").exitCode()).isZero();
  }

  @Test
  void whatIsPrintedOfAJobNamesItAgain() {
    String id = "-\u202E@ 'x\\u{2d}";
    service.<ListJobsRequest>reply(
        "ListJobs", request -> ListJobsResponse.newBuilder().addJobs(job(id)).build());
    String printed = CommandRun.on(service, "list", "\\u{2d}q").out().get(0).split("\t", -1)[1];
    assertThat(printed).isEqualTo("\\u{2d}\\u{202e}@ 'x\\u{5c}u{2d}");
    CommandRun.on(service, "cancel", "q", printed);
    assertThat(service.requests(BatchCancelRequest.class).get(0).getRequests(0).getJobId())
        .isEqualTo(id);
    assertThat(service.requests(ListJobsRequest.class).get(0).getQueue()).isEqualTo("-q");
  }

  @Test
  void anIdMayBeginWithAnAtOrComeBehindTwoDashes() {
    CommandRun.on(service, "cancel", "q", "@@pom.xml", "@pom.xml");
    CommandRun.on(service, "cancel", "--", "q", "-h", "--");
    assertThat(service.requests(BatchCancelRequest.class))
        .extracting(batch -> batch.getRequestsList().stream().map(CancelRequest::getJobId).toList())
        .containsExactly(List.of("@@pom.xml", "@pom.xml"), List.of("-h", "--"));
  }

  @Test
  void getPrintsTheSeries() {
    Timestamp first = Timestamp.newBuilder().setSeconds(1).build();
    service.<GetJobRequest>reply(
        "GetJob",
        request ->
            GetJobResponse.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setState(JobState.JOB_STATE_PENDING)
                        .setRecurrence(
                            Recurrence.newBuilder()
                                .setCron("@hourly")
                                .setTimeZone("Europe/Berlin")
                                .setEndTime(first)
                                .setMaxRuns(3)
                                .setMissedRunPolicy(MissedRunPolicy.MISSED_RUN_POLICY_SKIP))
                        .setCompletedRuns(4)
                        .setMissedRuns(5)
                        .addNextDueTimes(first)
                        .addNextDueTimes(first))
                .build());
    assertThat(CommandRun.on(service, "get", "mail", "j1").out())
        .endsWith(
            "cron\t@hourly",
            "time_zone\tEurope/Berlin",
            "end_time\t1970-01-01T00:00:01.000Z",
            "max_runs\t3",
            "missed_run_policy\tskip",
            "completed_runs\t4",
            "missed_runs\t5",
            "next_due_time\t1970-01-01T00:00:01.000Z",
            "next_due_time\t1970-01-01T00:00:01.000Z");
  }

  @Test
  void getPrintsALineAField() {
    service.<GetJobRequest>reply(
        "GetJob",
        request ->
            GetJobResponse.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setQueue(request.getQueue())
                        .setJobId(request.getJobId())
                        .setState(JobState.JOB_STATE_DEAD)
                        .putAttributes("k", "v")
                        .setPayload(ByteString.copyFromUtf8("p"))
                        .setFailedAttempts(2)
                        .setLastFailure("one\ntwo")
                        .setFirstFailure("none")
                        .setFirstFailureTime(Timestamps.fromMillis(1_000)))
                .build());
    assertThat(CommandRun.on(service, "get", "mail", "j1").out())
        .containsExactly(
            "queue\tmail",
            "job_id\tj1",
            "state\tdead",
            "due_time\t1970-01-01T00:00:00.000Z",
            "create_time\t1970-01-01T00:00:00.000Z",
            "payload\tp",
            "attribute\tk=v",
            "failed_attempts\t2",
            "last_failure\tone two",
            "first_failure\tnone",
            "first_failure_time\t1970-01-01T00:00:01.000Z");
  }

  @Test
  void listGoesFromPageToPageUpToTheLimit() {
    service.<ListJobsRequest>reply(
        "ListJobs",
        request ->
            ListJobsResponse.newBuilder()
                .addJobs(job(request.getPageToken() + "a"))
                .addJobs(job(request.getPageToken() + "b"))
                .setNextPageToken(request.getPageToken() + "n")
                .build());
    CommandRun run =
        CommandRun.on(
            service,
            "list",
            "mail",
            "--state",
            "dead",
            "--limit",
            "3",
            "--payload",
            "--from",
            "1970-01-01T00:00:01Z");
    assertThat(run.out())
        .containsExactly(
            "1970-01-01T00:00:05.000Z\ta\tdead\t0\tp",
            "1970-01-01T00:00:05.000Z\tb\tdead\t0\tp",
            "1970-01-01T00:00:05.000Z\tna\tdead\t0\tp");
    assertThat(service.requests(ListJobsRequest.class))
        .extracting(ListJobsRequest::getPageSize)
        .containsExactly(3, 1);
    ListJobsRequest first = service.requests(ListJobsRequest.class).get(0);
    assertThat(first.getState()).isEqualTo(JobState.JOB_STATE_DEAD);
    assertThat(first.getStartTime().getSeconds()).isEqualTo(1);
    assertThat(first.hasEndTime()).isFalse();
  }

  private static Job job(String id) {
    return Job.newBuilder()
        .setJobId(id)
        .setState(JobState.JOB_STATE_DEAD)
        .setDueTime(Timestamp.newBuilder().setSeconds(5))
        .setPayload(ByteString.copyFromUtf8("p"))
        .build();
  }

  @Test
  void ackSplitsManyTokensAndReportsEach() {
    service.<AckRequest>reply(
        "Ack",
        request ->
            AckResponse.newBuilder()
                .addAllOutcomes(
                    Collections.nCopies(
                        request.getLeaseTokensCount(), LeaseOutcome.LEASE_OUTCOME_OK))
                .build());
    Stream<String> tokens = IntStream.range(0, 1_001).mapToObj(i -> "t" + i);
    CommandRun run =
        CommandRun.on(service, Stream.concat(Stream.of("ack"), tokens).toArray(String[]::new));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).hasSize(1_001).startsWith("ok\tt0").endsWith("ok\tt1000");
    assertThat(service.requests(AckRequest.class))
        .extracting(AckRequest::getLeaseTokensCount)
        .containsExactly(1_000, 1);
  }

  @Test
  void nackSendsItsOptionsAndFailsForALostLease() {
    service.<NackRequest>reply(
        "Nack",
        request -> NackResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_LOST).build());
    CommandRun run =
        CommandRun.on(
            service, "nack", "t", "--delay", "2s", "--dead", "--reason", "no", "--uncounted");
    assertThat(run.out()).containsExactly("lost\tt");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(service.requests(NackRequest.class))
        .containsExactly(
            NackRequest.newBuilder()
                .addLeaseTokens("t")
                .setDelay(Duration.newBuilder().setSeconds(2))
                .setDead(true)
                .setReason("no")
                .setUncounted(true)
                .build());
  }

  @Test
  void extendSendsTheLease() {
    service.<ExtendLeaseRequest>reply(
        "ExtendLease",
        request ->
            ExtendLeaseResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK).build());
    assertThat(CommandRun.on(service, "extend", "t", "--lease", "30s").out())
        .containsExactly("ok\tt");
    assertThat(service.requests(ExtendLeaseRequest.class).get(0).getLeaseDuration().getSeconds())
        .isEqualTo(30);
  }
}
