package dev.dueline.delivery.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedLoop;
import dev.dueline.store.due.Claim;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica knows of the store's time, from replies that took their time. */
final class StoreClockTest {
  private static final long BEGIN_MS = 1_700_000_000_000L;

  private final SimulatedLoop loop = new SimulatedLoop();
  private final StoreClock clock = new StoreClock(loop);
  private long stepMs;

  private long storeNowMs() {
    return BEGIN_MS + stepMs + loop.nanoTime() / 1_000_000;
  }

  /** A call whose way there and back take so long. */
  private Duration ask(long thereMs, long backMs) {
    long sent = loop.nanoTime();
    loop.pass(Duration.ofMillis(thereMs));
    long now = storeNowMs();
    loop.pass(Duration.ofMillis(backMs));
    return clock.observe(sent, now * 1_000);
  }

  @Test
  void knowsNothingBeforeTheFirstReply() {
    assertThat(clock.nowMs()).isZero();
    assertThat(clock.nanosUntil(BEGIN_MS + 1_000_000)).isZero();
  }

  @Test
  void isNeverAheadAndBehindByTheQuickestReplyOnly() {
    ask(0, 40);
    assertThat(clock.nowMs()).isEqualTo(storeNowMs() - 40);
    ask(30, 1);
    ask(0, 500);
    assertThat(clock.nowMs()).isEqualTo(storeNowMs() - 1);
  }

  @Test
  void takesASlowReplyForNoStep() {
    for (int i = 0; i < 100; i++) {
      assertThat(ask((i * 7_919L) % 20_000, (i * 104_729L) % 20_000)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7_200_000, -7_200_000, 315_576_000_000L, -315_576_000_000L, -20_000})
  void followsAStepWithTheFirstReplyAfterIt(long byMs) {
    ask(1, 1);
    stepMs = byMs;
    loop.pass(Duration.ofMillis(100));
    assertThat(ask(1, 1).toMillis()).isBetween(byMs - 3, byMs + 3);
    assertThat(clock.nowMs()).isBetween(storeNowMs() - 1, storeNowMs());
    assertThat(ask(1, 1)).isZero();
  }

  @Test
  void believesTheStoreThatATimeIsStillToCome() {
    ask(50, 0);
    stepMs = -20;
    long sent = loop.nanoTime();
    loop.pass(Duration.ofMillis(100));
    long next = storeNowMs() + 10;
    clock.observe(sent, storeNowMs() * 1_000, Claim.NONE);
    assertThat(clock.nanosUntil(next)).isNegative();
    clock.observe(sent, storeNowMs() * 1_000, next);
    assertThat(Duration.ofNanos(clock.nanosUntil(next))).isEqualTo(Duration.ofMillis(10));
  }

  @ParameterizedTest
  @ValueSource(longs = {253_402_300_799_999L, 1_790_000_000_000_000L, Long.MAX_VALUE})
  void aTimeThatIsFarAwayIsStillToCome(long ms) {
    ask(1, 1);
    assertThat(clock.nanosUntil(ms)).isGreaterThan(Duration.ofDays(365).toNanos());
    assertThat(clock.nanosUntil(-ms)).isLessThan(-Duration.ofDays(365).toNanos());
  }
}
