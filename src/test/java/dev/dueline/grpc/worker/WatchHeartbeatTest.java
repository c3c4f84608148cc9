package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.dueline.grpc.Deliveries;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.RecordingCall;
import dev.dueline.grpc.TestWatch;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.operation.TestStore;
import dev.dueline.v1.WatchDueResponse;
import dev.dueline.v1.WatchDueResponse.EventCase;
import io.grpc.Attributes;
import io.grpc.Context;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    watch.open(loop, of);
    watch.connect();
    loop.settle();
  }

  @Test
  void isNeverSilentForLongerThanNineTenthsOfTheIntervalNorBreaksSilenceMuchSooner() {
    int silentMs = 0;
    int written = call.events.size();
    for (int ms = 0; ms < 120_000; ms++) {
      loop.advance(Duration.ofMillis(1));
      silentMs++;
      if (call.events.size() > written) {
        assertThat(events()).endsWith(EventCase.HEARTBEAT);
        assertThat(silentMs).isBetween(8_000, 9_000);
        assertThat(call.last().getHeartbeat().getServerTime())
            .isEqualTo(Timestamps.fromMillis(TestStore.START_MS));
        silentMs = 0;
      }
      if (ms % 31_700 == 0) {
        testWatch.sink.join().deliver(Deliveries.of(1, 0));
        silentMs = 0;
      }
      written = call.events.size();
    }
    assertThat(events()).contains(EventCase.HEARTBEAT, EventCase.DUE_JOBS);
  }

  @Test
  void heartbeatsOfAConnectionGoTogether() {
    Attributes connection =
        ConnectionAge.filter(Duration.ofHours(1), Duration.ofHours(1))
            .transportReady(Attributes.EMPTY);
    RecordingCall first = new RecordingCall();
    RecordingCall second = new RecordingCall();
    ConnectionAge.in(Context.ROOT, connection).run(() -> open(new TestWatch(), first));
    loop.advance(Duration.ofMillis(770));
    ConnectionAge.in(Context.ROOT, connection).run(() -> open(new TestWatch(), second));
    loop.advance(Duration.ofSeconds(7));
    Set<Integer> instants = new TreeSet<>();
    for (int ms = 0; ms < 40_000; ms++) {
      int before = first.events.size() + second.events.size();
      loop.advance(Duration.ofMillis(1));
      if (first.events.size() + second.events.size() > before) {
        instants.add(ms % 1_000);
      }
    }
    assertThat(first.events).hasSizeBetween(5, 6);
    assertThat(second.events).hasSizeBetween(5, 6);
    assertThat(instants).hasSize(1);
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
