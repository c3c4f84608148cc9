package dev.dueline.delivery.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CreditWindowTest {
  private static final Duration LEASE = Duration.ofSeconds(5);

  private final SimulatedLoop loop = new SimulatedLoop();

  @Test
  void hasHalfTheRoomOnceForAllLeasesThatRunOutTogether() {
    CreditWindow window = window(100);
    assertThat(window.room(30)).isEqualTo(70);
    window.expired();
    window.expired();
    assertThat(window.room(0)).isZero();
    window.acted();
    assertThat(window.room(0)).isEqualTo(50);
    assertThat(window.room(60)).isZero();
    loop.pass(LEASE);
    window.expired();
    window.acted();
    assertThat(window.room(0)).isEqualTo(25);
  }

  @Test
  void growsByOneWithEachJobUntilItIsWhole() {
    CreditWindow window = window(4);
    window.expired();
    window.acted();
    window.settled();
    assertThat(window.room(0)).isEqualTo(3);
    assertThat(window.isWhole()).isFalse();
    window.settled();
    assertThat(window.room(0)).isEqualTo(4);
    assertThat(window.isWhole()).isTrue();
    window.settled();
    assertThat(window.room(0)).isEqualTo(4);
  }

  @Test
  void aWindowOfOneStaysOneButIsNotWholeBeforeAJobIsSettled() {
    CreditWindow window = window(1);
    window.expired();
    window.acted();
    assertThat(window.room(0)).isEqualTo(1);
    assertThat(window.isWhole()).isFalse();
    window.settled();
    assertThat(window.isWhole()).isTrue();
  }

  @Test
  void whoIsSilentHasRoomForOneJobEachLease() {
    AtomicInteger probes = new AtomicInteger();
    CreditWindow window = window(10);
    window.onProbe(probes::incrementAndGet);
    window.expired();
    loop.pass(LEASE.minusMillis(1));
    assertThat(window.room(0)).isZero();
    loop.pass(Duration.ofMillis(1));
    assertThat(probes).hasValue(1);
    assertThat(window.room(0)).isEqualTo(1);
    assertThat(window.room(1)).isZero();
    window.expired();
    assertThat(window.room(0)).isZero();
    window.close();
    loop.pass(LEASE);
    assertThat(probes).hasValue(1);
  }

  private CreditWindow window(int max) {
    return new CreditWindow(max, LEASE, loop);
  }
}
