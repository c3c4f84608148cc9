package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.delivery.watch.DrainingException;
import dev.dueline.grpc.Deliveries;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.RecordingCall;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestWatch;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostReason;
import dev.dueline.v1.WatchDueResponse;
import dev.dueline.v1.WatchDueResponse.EventCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One stream, with time and its watch in the test's hand. */
class WatchStreamTest {
  private final ManualLoop loop = new ManualLoop();
  private final TestWatch testWatch = new TestWatch();
  private final RecordingCall call = new RecordingCall();

  @BeforeEach
  void open() {
    testWatch.open(loop, call);
  }

  @Test
  void beginsWithStartedOnceItIsConnected() {
    assertThat(call.events).isEmpty();
    connect();
    assertThat(events()).containsExactly(EventCase.STARTED);
    assertThat(call.last().getStarted().getMaxOutstandingJobs()).isEqualTo(100);
    assertThat(call.last().getStarted().getLeaseDuration()).isEqualTo(Durations.fromMillis(30_000));
    assertThat(call.last().getStarted().getWatcherId()).matches("[A-Za-z0-9_-]{20}");
    assertThat(call.last().getStarted().getDisconnectPolicy())
        .isEqualTo(DisconnectPolicy.DISCONNECT_POLICY_KEEP_LEASE);
    assertThat(call.last().getStarted().getAutoExtend()).isFalse();
    assertThat(testWatch.readies).hasValue(1);
  }

  @Test
  void aJobIsWrittenWhole() {
    connect();
    sink().deliver(List.of(Deliveries.of("j", 3)));
    DueJob job = call.last().getDueJobs().getJobs(0);
    assertThat(job)
        .isEqualTo(
            DueJob.newBuilder()
                .setQueue("q")
                .setJobId("j")
                .setPayload(com.google.protobuf.ByteString.copyFrom(new byte[3]))
                .setLeaseToken(Deliveries.of("j", 3).token().encode())
                .setDueTime(Timestamps.fromMillis(2_000))
                .setDispatchTime(Timestamps.fromMillis(2_003))
                .setLeaseExpireTime(Timestamps.fromMillis(32_003))
                .setAttempt(2)
                .setMaxAttempts(20)
                .setCreateTime(Timestamps.fromMillis(500))
                .setLastFailure("busy")
                .setFirstFailure("no route")
                .setFirstFailureTime(Timestamps.fromMillis(1_500))
                .build());
  }

  @Test
  void manyBytesGoInSeveralMessages() {
    connect();
    sink().deliver(Deliveries.of(9, 262_144));
    List<WatchDueResponse> messages = call.events.subList(1, call.events.size());
    assertThat(messages).extracting(m -> m.getDueJobs().getJobsCount()).containsExactly(3, 3, 3);
    assertThat(messages).allMatch(m -> m.getSerializedSize() <= WatchStream.MAX_MESSAGE_BYTES);
    sink().deliver(Deliveries.of(2, 2 * WatchStream.MAX_MESSAGE_BYTES));
    assertThat(call.last().getDueJobs().getJobsCount()).isEqualTo(1);
    assertThat(call.events).hasSize(6);
  }

  /** The loop's clock may be moved, and the connection is as young as it was. */
  @Test
  void leavesWhenItsConnectionIsOldInRealTime() {
    connect();
    WatchStream stream = (WatchStream) sink();
    long hour = Duration.ofHours(1).toNanos();
    stream.leaveWith(new ConnectionAge(System.nanoTime() + hour, Duration.ofMinutes(1)));
    loop.advance(Duration.ofDays(1));
    assertThat(testWatch.leaves).hasValue(0);

    stream.leaveWith(new ConnectionAge(System.nanoTime(), Duration.ofMinutes(1)));
    loop.settle();
    assertThat(testWatch.leaves).hasValue(1);
  }

  @Test
  void saysNothingBeforeTheWatchIsThereSinceItMayBeRefused() {
    loop.advance(Duration.ofSeconds(20));
    sink().draining(Duration.ofMillis(1_500));
    assertThat(call.events).isEmpty();
    connect();
    assertThat(events()).containsExactly(EventCase.STARTED);
  }

  @Test
  void aCancelDisconnectsOnceAndNothingIsWrittenAfterIt() {
    connect();
    call.cancel();
    sink().deliver(Deliveries.of(1, 0));
    call.close();
    loop.settle();
    sink().deliver(Deliveries.of(1, 0));
    sink().draining(Duration.ofMillis(1_500));
    sink().end();
    loop.advance(Duration.ofMinutes(1));
    assertThat(events()).containsExactly(EventCase.STARTED);
    assertThat(sink().isReady()).isFalse();
    assertThat(testWatch.disconnects).hasValue(1);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aCancelBeforeTheWatchIsThereDisconnectsItWhenItComes() {
    call.cancel();
    loop.settle();
    connect();
    assertThat(call.events).isEmpty();
    assertThat(testWatch.disconnects).hasValue(1);
    assertThat(testWatch.readies).hasValue(0);
  }

  @Test
  void aDrainIsAnnouncedAndThenEndsTheStream() {
    connect();
    sink().draining(Duration.ofMillis(1_500));
    sink().draining(Duration.ofMillis(900));
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.DRAINING);
    assertThat(call.last().getDraining().getTimeout()).isEqualTo(Durations.fromMillis(1_500));
    sink().end();
    sink().end();
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.DRAINING);
    expectFailure(Code.UNAVAILABLE, "DRAINING");
    loop.advance(Duration.ofMinutes(1));
    call.close();
    loop.settle();
    assertThat(testWatch.disconnects).hasValue(1);
  }

  @Test
  void anEndWithoutADrainSaysDrainingFirst() {
    connect();
    sink().end();
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.DRAINING);
    expectFailure(Code.UNAVAILABLE, "DRAINING");
  }

  @Test
  void startedHasTheTokenThatStopsTheWatch() {
    connect();
    assertThat(call.last().getStarted().getWatchToken()).isEqualTo(TestWatch.TOKEN.encode());
    assertThat(call.last().getStarted().getReplica()).isEqualTo("7");
  }

  @Test
  void aWatchThatIsStoppedSaysSoAndEndsWithOk() {
    connect();
    sink().stopped();
    sink().stopped();
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.STOPPED);
    sink().complete();
    sink().complete();
    assertThat(call.isComplete).isTrue();
    assertThat(testWatch.disconnects).hasValue(1);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void leasesThatAreLostTogetherAreToldTogetherWhenTheStreamTakesMore() {
    connect();
    call.isReady = false;
    LeaseToken expired = Deliveries.of("a", 0).token();
    LeaseToken canceled = Deliveries.of("b", 0).token();
    sink().lost(expired, LeaseEnd.EXPIRED);
    sink().lost(canceled, LeaseEnd.CANCELED);
    loop.settle();
    assertThat(events()).containsExactly(EventCase.STARTED);
    call.takeMore();
    loop.settle();
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.LOST_LEASES);
    assertThat(call.last().getLostLeases().getLeasesList())
        .containsExactly(
            lost("a", expired, LostReason.LOST_REASON_EXPIRED),
            lost("b", canceled, LostReason.LOST_REASON_CANCELED));
  }

  private static LostLease lost(String id, LeaseToken lease, LostReason reason) {
    return LostLease.newBuilder()
        .setQueue("q")
        .setJobId(id)
        .setLeaseToken(lease.encode())
        .setReason(reason)
        .build();
  }

  @Test
  void aRefusalEndsTheStream() {
    testWatch.answer.completeExceptionally(new DrainingException());
    loop.advance(Duration.ofMinutes(1));
    assertThat(call.events).isEmpty();
    expectFailure(Code.UNAVAILABLE, "DRAINING");
    assertThat(loop.timers()).isZero();
  }

  @Test
  void theStoresFailureEndsTheStream() {
    testWatch.answer.completeExceptionally(new StoreUnavailableException("down", null));
    loop.settle();
    expectFailure(Code.UNAVAILABLE, "REDIS_UNAVAILABLE");
  }

  @Test
  void aRefusalOfACanceledCallIsTakenQuietly() {
    call.cancel();
    testWatch.answer.completeExceptionally(new StoreUnavailableException("down", null));
    loop.settle();
    assertThat(call.failure).isNull();
  }

  private void connect() {
    testWatch.connect();
    loop.settle();
  }

  private dev.dueline.delivery.watch.WatcherSink sink() {
    return testWatch.sink.join();
  }

  private List<EventCase> events() {
    return call.events.stream().map(WatchDueResponse::getEventCase).toList();
  }

  private void expectFailure(Code code, String reason) {
    Rejection rejection = Rejection.of(java.util.Objects.requireNonNull(call.failure));
    assertThat(rejection.code()).isEqualTo(code);
    assertThat(rejection.reason()).isEqualTo(reason);
  }
}
