package dev.dueline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is known of many principals. */
class UsageTest {
  private static final int MANY = Usage.MAX_KNOWN + 1_000;

  private final AtomicLong nowNanos = new AtomicLong();
  private final AtomicInteger clockReads = new AtomicInteger();
  private final Usage usage =
      new Usage(
          () -> {
            clockReads.incrementAndGet();
            return nowNanos.get();
          });

  @Test
  void manyOthersGiveNobodyMoreCalls() {
    assertThat(usage.callOrWaitMs(one("greedy"))).isZero();
    IntStream.range(0, MANY)
        .forEach(i -> assertThat(usage.callOrWaitMs(one("other-" + i))).isZero());
    assertThat(usage.callOrWaitMs(one("greedy"))).isEqualTo(1_000);
  }

  @Test
  void manyWatchersAreLookedThroughNowAndThenOnly() {
    IntStream.range(0, MANY).forEach(i -> assertThat(usage.acquired(one("watcher-" + i))).isTrue());
    nowNanos.addAndGet(5_000_000_000L);
    clockReads.set(0);
    for (int i = 0; i < MANY; i++) {
      assertThat(usage.acquired(one("watcher-" + i))).isFalse();
    }
    // Nothing but a look through all reads it.
    assertThat(clockReads.get()).isLessThanOrEqualTo(1);
    usage.released(one("watcher-7"));
    assertThat(usage.acquired(one("watcher-7"))).isTrue();
  }

  @Test
  void whoUsesNothingIsForgotten() {
    for (int i = 0; i < 20 * MANY; i++) {
      usage.callOrWaitMs(one("caller-" + i));
      nowNanos.addAndGet(1_000_000);
    }
    assertThat(usage.known()).isLessThanOrEqualTo(Usage.MAX_KNOWN + 1);
  }

  private static Principal one(String name) {
    return new Principal(name, Principal.ANYBODY.queues(), 1, 1);
  }
}
