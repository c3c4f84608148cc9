package dev.dueline.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.client.Stalls;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.Started;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.Stopped;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ExecTest {
  /** What may be kept from a command line that waits for something for two seconds. */
  private static final Duration STALLS = Duration.ofSeconds(1);

  private final AtomicReference<StreamObserver<Message>> watch = new AtomicReference<>();
  private final Stalls stalls = new Stalls();
  private ScriptedScheduler service;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.<AckRequest>reply(
        "Ack",
        request ->
            AckResponse.newBuilder()
                .addAllOutcomes(
                    Collections.nCopies(
                        request.getLeaseTokensCount(), LeaseOutcome.LEASE_OUTCOME_OK))
                .build());
    service.<NackRequest>reply(
        "Nack",
        request ->
            NackResponse.newBuilder()
                .addAllOutcomes(
                    Collections.nCopies(
                        request.getLeaseTokensCount(), LeaseOutcome.LEASE_OUTCOME_OK))
                .build());
    service.<StopWatchRequest>reply(
        "StopWatch",
        request -> {
          Objects.requireNonNull(watch.get())
              .onNext(WatchDueResponse.newBuilder().setStopped(Stopped.newBuilder()).build());
          return StopWatchResponse.getDefaultInstance();
        });
  }

  @AfterEach
  void stop() throws InterruptedException {
    stalls.close();
    service.close();
  }

  /** One stream that brings these jobs. */
  private void bring(DueJob... jobs) {
    service.on(
        "WatchDue",
        (request, stream) -> {
          watch.set(stream);
          stream.onNext(
              WatchDueResponse.newBuilder()
                  .setStarted(
                      // So seldom that the stream is not given up for want of a heartbeat.
                      Started.newBuilder()
                          .setWatchToken("watch")
                          .setHeartbeatInterval(Durations.fromSeconds(60)))
                  .build());
          DueJobs.Builder due = DueJobs.newBuilder();
          for (DueJob job : jobs) {
            due.addJobs(job);
          }
          stream.onNext(WatchDueResponse.newBuilder().setDueJobs(due).build());
        });
  }

  private static DueJob job(String id, String payload) {
    return DueJob.newBuilder()
        .setQueue("mail")
        .setJobId(id)
        .setLeaseToken("token-" + id)
        .setAttempt(2)
        .setPayload(ByteString.copyFromUtf8(payload))
        .putAttributes("trace-id", "abc")
        .build();
  }

  @Test
  void runsACommandAJobAndAcknowledgesWhatEndsWell() throws IOException {
    bring(job("a", "Dear Ann"), job("b", "Dear Bob"));
    String command =
        "{ cat; echo \" $DUELINE_QUEUE $DUELINE_ATTEMPT $DUELINE_ATTRIBUTE_TRACE_ID\"; } > "
            + folder
            + "/$DUELINE_JOB_ID";
    CommandRun run =
        CommandRun.on(
            service, "watch", "mail", "--exec", command, "--count", "2", "--concurrency", "2");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("a"))).isEqualTo("Dear Ann mail 2 abc\n");
    assertThat(Files.readString(folder.resolve("b"))).isEqualTo("Dear Bob mail 2 abc\n");
    assertThat(service.requests(AckRequest.class))
        .flatExtracting(AckRequest::getLeaseTokensList)
        .containsExactlyInAnyOrder("token-a", "token-b");
    assertThat(service.requests(WatchDueRequest.class))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getMaxOutstandingJobs()).isEqualTo(2);
              assertThat(request.getAutoExtend()).isTrue();
            });
  }

  @Test
  void triesAJobAgainWhoseCommandFailsAndSaysWhy() {
    bring(job("a", ""));
    CommandRun run =
        CommandRun.on(
            service, "watch", "mail", "--exec", "echo no paper >&2; exit 7", "--count", "1");
    assertThat(run.exitCode()).isZero();
    // What a command wrote last is waited for, though for no longer than two seconds.
    if (stalls.areWithin(STALLS)) {
      assertThat(run.err()).containsExactly("no paper", "dueline: mail a attempt 2: nacked");
      assertThat(service.requests(NackRequest.class))
          .extracting(NackRequest::getReason)
          .containsExactly("exit code 7: no paper");
    }
    assertThat(run.err()).contains("dueline: mail a attempt 2: nacked");
    assertThat(service.requests(NackRequest.class))
        .singleElement()
        .matches(nack -> nack.getReason().startsWith("exit code 7"))
        .matches(nack -> nack.toBuilder().clearReason().build().equals(nackOf("token-a")));
  }

  private static NackRequest nackOf(String token) {
    return NackRequest.newBuilder().addLeaseTokens(token).build();
  }

  @Test
  void sendsAJobToTheDeadOnesWhoseInputIsWrong() {
    bring(job("a", ""));
    CommandRun.on(service, "watch", "mail", "--exec", "exit 65", "--count", "1");
    assertThat(service.requests(NackRequest.class))
        .containsExactly(
            NackRequest.newBuilder()
                .addLeaseTokens("token-a")
                .setDead(true)
                .setReason("exit code 65")
                .build());
  }

  @Test
  void endsACommandThatRunsTooLong() {
    bring(job("a", ""));
    // Known by its time, whether the shell has become it by the end or not.
    String program = "sleep " + (100_000 + ProcessHandle.current().pid());
    CommandRun run =
        CommandRun.on(
            service,
            "watch",
            "mail",
            "--exec",
            "exec " + program,
            "--count",
            "1",
            "--max-run-time",
            "2s");
    assertThat(run.exitCode()).isZero();
    // As it is the last job, a worker that ends has five seconds to say so.
    assertThat(service.requests(NackRequest.class))
        .hasSizeGreaterThanOrEqualTo(stalls.areWithin(STALLS) ? 1 : 0)
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(nack -> nack.getReason().equals("ran longer than PT2S"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                ProcessHandle.current()
                    .descendants()
                    .noneMatch(each -> each.info().commandLine().orElse("").contains(program)));
  }

  @Test
  void takesALargePayloadThatNobodyReads() {
    bring(job("a", "x".repeat(1 << 20)));
    CommandRun run = CommandRun.on(service, "watch", "mail", "--exec", "true", "--count", "1");
    assertThat(run.exitCode()).isZero();
    assertThat(service.requests(AckRequest.class)).hasSize(1);
  }

  @Test
  void failsWhenTheServiceRefuses() {
    service.on(
        "WatchDue",
        (request, stream) ->
            stream.onError(
                Status.PERMISSION_DENIED.withDescription("not yours").asRuntimeException()));
    CommandRun run = CommandRun.on(service, "watch", "mail", "--exec", "true");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).containsExactly("dueline: PERMISSION_DENIED: not yours");
  }

  @Test
  void leavesNoOtherWayToAcknowledge() {
    CommandRun run = CommandRun.on(service, "watch", "mail", "--exec", "true", "--ack");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
