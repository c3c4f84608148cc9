package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void growsWithinItsBoundsAndStartsAgain() {
    Backoff backoff = new Backoff(new Random(1));
    long boundMs = 100;
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.next())
          .isBetween(Duration.ofMillis(boundMs / 2), Duration.ofMillis(boundMs));
      boundMs = Math.min(5_000, boundMs * 2);
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
  }
}
