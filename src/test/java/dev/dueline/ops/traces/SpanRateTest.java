package dev.dueline.ops.traces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each second has its number, whoever asks and however often. */
class SpanRateTest {
  private static final int MOST = 100;

  private final AtomicLong nanos = new AtomicLong(TimeUnit.SECONDS.toNanos(7));
  private final SpanRate rate = new SpanRate(MOST, nanos::get);

  @Test
  void aSecondHasSoMany() {
    assertThat(taken()).isEqualTo(MOST);
    assertThat(taken()).isZero();
  }

  @Test
  void theNextSecondHasAsManyAgain() {
    taken();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(taken()).isEqualTo(MOST);
  }

  @Test
  void aClockThatBeginsBelowZeroCountsAlike() {
    nanos.set(Long.MIN_VALUE / 2);
    assertThat(taken()).isEqualTo(MOST);
  }

  private long taken() {
    return IntStream.range(0, 20 * MOST).parallel().filter(i -> rate.take()).count();
  }
}
