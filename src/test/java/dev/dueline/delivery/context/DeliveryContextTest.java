package dev.dueline.delivery.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedLoop;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is to happen after a time is spread over its upper half. */
class DeliveryContextTest {
  private static final Duration MAX = Duration.ofMillis(250);

  @Test
  void spreadsATimeOverItsUpperHalf() {
    DeliveryContext context = context();
    for (int i = 0; i < 1_000; i++) {
      assertThat(context.jittered(MAX)).isBetween(MAX.dividedBy(2), MAX);
    }
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(context().jittered(MAX)).isEqualTo(context().jittered(MAX));
  }

  private static DeliveryContext context() {
    return new DeliveryContext(
        1, new SimulatedLoop(), new SplittableRandom(1), DeliveryObserver.NONE);
  }
}
