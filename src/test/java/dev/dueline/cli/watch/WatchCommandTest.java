package dev.dueline.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.Draining;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.Heartbeat;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.Started;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WatchCommandTest {
  private ScriptedScheduler service;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    ackWith(LeaseOutcome.LEASE_OUTCOME_OK);
    service.<NackRequest>reply("Nack", request -> NackResponse.getDefaultInstance());
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  private void ackWith(LeaseOutcome outcome) {
    service.<AckRequest>reply(
        "Ack",
        request ->
            AckResponse.newBuilder()
                .addAllOutcomes(Collections.nCopies(request.getLeaseTokensCount(), outcome))
                .build());
  }

  @Test
  void printsAndAcknowledgesUpToTheCount() {
    service.on("WatchDue", (request, stream) -> send(stream, jobs("a", "b"), jobs("c")));
    CommandRun run =
        CommandRun.on(
            service,
            "watch",
            "mail",
            "text",
            "--ack",
            "--count",
            "3",
            "--lease",
            "5s",
            "--auto-extend",
            "--release-on-disconnect",
            "--watcher-id",
            "me");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).hasSize(3);
    assertThat(run.out().get(0))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\tmail\ta\t1\t1250\thello");
    assertThat(service.requests(AckRequest.class).stream().flatMap(this::tokens))
        .containsExactly("token-a", "token-b", "token-c");
    assertThat(service.requests(WatchDueRequest.class))
        .containsExactly(
            WatchDueRequest.newBuilder()
                .addQueues("mail")
                .addQueues("text")
                .setWatcherId("me")
                .setMaxOutstandingJobs(3)
                .setLeaseDuration(com.google.protobuf.Duration.newBuilder().setSeconds(5))
                .setAutoExtend(true)
                .setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE)
                .build());
  }

  private Stream<String> tokens(AckRequest request) {
    return request.getLeaseTokensList().stream();
  }

  @Test
  void printsTheTokenWhenTheReaderHasToAcknowledge() {
    service.on("WatchDue", (request, stream) -> send(stream, jobs("a")));
    CommandRun run = CommandRun.on(service, "watch", "mail", "--count", "1");
    assertThat(run.out().get(0)).endsWith("\thello\ttoken-a");
    assertThat(service.requests(AckRequest.class)).isEmpty();
  }

  @Test
  void givesBackWhatComesBeyondTheCount() {
    service.on("WatchDue", (request, stream) -> send(stream, jobs("a", "b", "c")));
    CommandRun run = CommandRun.on(service, "watch", "mail", "--ack", "--count", "1");
    assertThat(run.out()).hasSize(1);
    assertThat(service.requests(NackRequest.class))
        .containsExactly(
            NackRequest.newBuilder()
                .addLeaseTokens("token-b")
                .addLeaseTokens("token-c")
                .setUncounted(true)
                .setDelay(com.google.protobuf.Duration.getDefaultInstance())
                .build());
  }

  @Test
  void reportsALostAck() {
    ackWith(LeaseOutcome.LEASE_OUTCOME_LOST);
    service.on("WatchDue", (request, stream) -> send(stream, jobs("a")));
    CommandRun run = CommandRun.on(service, "watch", "mail", "--ack", "--count", "1");
    assertThat(run.err()).containsExactly("dueline: ack of mail a: lease lost");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void triesAnAckAgainWhileTheServiceIsUnavailable() {
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<StreamObserver<Message>> watch = new CompletableFuture<>();
    service.on(
        "WatchDue",
        (request, stream) -> {
          send(stream, jobs("a"));
          watch.complete(stream);
        });
    service.on(
        "Ack",
        (request, response) -> {
          int call = calls.getAndIncrement();
          if (call == 0) {
            response.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
          }
          response.onNext(
              AckResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK).build());
          response.onCompleted();
          if (call == 1) {
            // With the last job the watch ends, which tries no ack for longer than 3 s.
            watch.join().onNext(jobs("b"));
          }
        });
    CommandRun run = CommandRun.on(service, "watch", "mail", "--ack", "--count", "2");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(calls).hasValue(3);
  }

  @Test
  void reconnectsAfterDraining() {
    AtomicInteger streams = new AtomicInteger();
    service.on(
        "WatchDue",
        (request, stream) -> {
          if (streams.getAndIncrement() == 0) {
            send(stream, jobs("a"), draining());
            stream.onCompleted();
          } else {
            send(stream, jobs("b"));
          }
        });
    CommandRun run = CommandRun.on(service, "watch", "mail", "--ack", "--count", "2");
    assertThat(run.out()).hasSize(2);
    assertThat(run.err())
        .containsExactly("dueline: the server is draining (rollout); reconnecting");
    assertThat(service.requests(WatchDueRequest.class))
        .extracting(WatchDueRequest::getMaxOutstandingJobs)
        .containsExactly(2, 1);
  }

  @Test
  void reconnectsWhenTheStreamBreaksAndSaysSoOnce() {
    AtomicInteger streams = new AtomicInteger();
    service.on(
        "WatchDue",
        (request, stream) -> {
          if (streams.getAndIncrement() < 2) {
            stream.onError(Status.UNAVAILABLE.withDescription("no Redis").asRuntimeException());
          } else {
            send(stream, jobs("a"));
          }
        });
    CommandRun run = CommandRun.on(service, "watch", "mail", "--auto-ack", "--count", "1");
    assertThat(run.err())
        .containsExactly("dueline: UNAVAILABLE: no Redis; trying again", "dueline: watching again");
    assertThat(run.out().get(0)).endsWith("\thello");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void reconnectsWhenTheServiceFallsSilent() {
    AtomicInteger streams = new AtomicInteger();
    service.on(
        "WatchDue",
        (request, stream) -> {
          if (streams.getAndIncrement() == 0) {
            stream.onNext(started(500));
            stream.onNext(
                WatchDueResponse.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
          } else {
            send(stream, jobs("a"));
          }
        });
    CommandRun run = CommandRun.on(service, "watch", "mail", "--ack", "--count", "1");
    assertThat(run.err())
        .containsExactly(
            "dueline: UNAVAILABLE: nothing heard for 1500 ms; trying again",
            "dueline: watching again");
  }

  @Test
  void endsWhenTheServiceRefuses() {
    service.on(
        "WatchDue",
        (request, stream) ->
            stream.onError(Status.INVALID_ARGUMENT.withDescription("bad").asRuntimeException()));
    CommandRun run = CommandRun.on(service, "watch", "no queue", "--ack");
    assertThat(run.err()).containsExactly("dueline: INVALID_ARGUMENT: bad");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  private static void send(StreamObserver<Message> stream, WatchDueResponse... events) {
    stream.onNext(started(10_000));
    Stream.of(events).forEach(stream::onNext);
  }

  private static WatchDueResponse started(long heartbeatMs) {
    return WatchDueResponse.newBuilder()
        .setStarted(
            Started.newBuilder()
                .setHeartbeatInterval(
                    com.google.protobuf.Duration.newBuilder()
                        .setSeconds(heartbeatMs / 1_000)
                        .setNanos((int) (heartbeatMs % 1_000) * 1_000_000)))
        .build();
  }

  private static WatchDueResponse draining() {
    return WatchDueResponse.newBuilder()
        .setDraining(Draining.newBuilder().setReason("rollout"))
        .build();
  }

  private static WatchDueResponse jobs(String... ids) {
    DueJobs.Builder jobs = DueJobs.newBuilder();
    for (String id : ids) {
      jobs.addJobs(
          DueJob.newBuilder()
              .setQueue("mail")
              .setJobId(id)
              .setPayload(ByteString.copyFromUtf8("hello"))
              .setLeaseToken("token-" + id)
              .setDueTime(Timestamp.newBuilder().setSeconds(10))
              .setDispatchTime(Timestamp.newBuilder().setSeconds(11).setNanos(250_000_000))
              .setAttempt(1));
    }
    return WatchDueResponse.newBuilder().setDueJobs(jobs).build();
  }
}
