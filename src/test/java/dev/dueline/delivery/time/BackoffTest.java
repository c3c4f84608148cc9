package dev.dueline.delivery.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The wait before a retry doubles up to its limit, and is spread over its upper half. */
class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(40), Duration.ofMillis(250), new SplittableRandom(1));

  @Test
  void doublesUpToTheLimit() {
    assertNextWithin(20, 40);
    assertNextWithin(40, 80);
    assertNextWithin(80, 160);
    assertNextWithin(125, 250);
    assertNextWithin(125, 250);
  }

  @Test
  void beginsAnewAfterSuccess() {
    backoff.next();
    backoff.next();
    backoff.reset();
    assertNextWithin(20, 40);
  }

  @Test
  void isTheSameForTheSameSeed() {
    Backoff same =
        new Backoff(Duration.ofMillis(40), Duration.ofMillis(250), new SplittableRandom(1));
    assertThat(same.next()).isEqualTo(backoff.next());
  }

  private void assertNextWithin(long fromMs, long toMs) {
    assertThat(backoff.next()).isBetween(Duration.ofMillis(fromMs), Duration.ofMillis(toMs));
  }
}
