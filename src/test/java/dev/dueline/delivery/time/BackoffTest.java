package dev.dueline.delivery.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The wait before a retry doubles up to its limit. */
class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(40), Duration.ofMillis(250), wait -> wait.plusMillis(1));

  @Test
  void doublesUpToTheLimitButForItsJitter() {
    assertNext(41);
    assertNext(81);
    assertNext(161);
    assertNext(251);
    assertNext(251);
  }

  @Test
  void beginsAnewAfterSuccess() {
    backoff.next();
    backoff.next();
    backoff.reset();
    assertNext(41);
  }

  private void assertNext(long ms) {
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(ms));
  }
}
