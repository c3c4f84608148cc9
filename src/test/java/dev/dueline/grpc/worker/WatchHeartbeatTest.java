package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.grpc.Deliveries;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.RecordingCall;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.TestWatch;
import dev.dueline.operation.TestStore;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import dev.dueline.v1.WatchDueResponse.EventCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a stream breaks its silence. */
class WatchHeartbeatTest {
  private final ManualLoop loop = new ManualLoop();
  private final TestWatch testWatch = new TestWatch();
  private final RecordingCall call = new RecordingCall();

  @BeforeEach
  void open() {
    open(testWatch, call);
  }

  private void open(TestWatch watch, RecordingCall of) {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues("q")
            .setHeartbeatInterval(Durations.fromMillis(10_000))
            .build();
    new WatchCall(new LeaseChecks(TestLimits.DEFAULTS), watch, watch::stop, loop, TestService.CLOCK)
        .watchDue(request, of);
    loop.settle();
    watch.connect();
    loop.settle();
  }

  @Test
  void isNeverSilentForLongerThanTheInterval() {
    loop.advance(Duration.ofSeconds(10));
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.HEARTBEAT);
    assertThat(call.last().getHeartbeat().getServerTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS));
    loop.advance(Duration.ofMillis(7_900));
    testWatch.sink.join().deliver(Deliveries.of(1, 0));
    loop.advance(Duration.ofMillis(8_800));
    assertThat(events()).hasSize(3).endsWith(EventCase.DUE_JOBS);
    loop.advance(Duration.ofMillis(1_200));
    assertThat(events()).hasSize(4).endsWith(EventCase.HEARTBEAT);
  }

  @Test
  void heartbeatsOfStreamsGoTogether() {
    loop.advance(Duration.ofMillis(60));
    TestWatch secondWatch = new TestWatch();
    RecordingCall second = new RecordingCall();
    open(secondWatch, second);
    loop.advance(Duration.ofSeconds(8));
    assertThat(call.events).hasSize(1);
    int instants = 0;
    for (int ms = 0; ms < 40_000; ms++) {
      int before = call.events.size();
      int secondBefore = second.events.size();
      loop.advance(Duration.ofMillis(1));
      assertThat(second.events.size() - secondBefore).isEqualTo(call.events.size() - before);
      instants += call.events.size() - before;
    }
    assertThat(instants).isEqualTo(5);
  }

  @Test
  void heartbeatsDoNotPileUpForAStuckClient() {
    call.isReady = false;
    assertThat(testWatch.sink.join().isReady()).isFalse();
    loop.advance(Duration.ofMinutes(5));
    assertThat(events()).containsExactly(EventCase.STARTED);
    call.takeMore();
    loop.settle();
    assertThat(events()).containsExactly(EventCase.STARTED, EventCase.HEARTBEAT);
    assertThat(testWatch.readies).hasValue(2);
    assertThat(loop.timers()).isEqualTo(1);
  }

  private List<EventCase> events() {
    return call.events.stream().map(WatchDueResponse::getEventCase).toList();
  }
}
