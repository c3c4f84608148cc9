package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of the console and calls of the API count together. */
class SharedRateTest {
  private final TestConsole console = TestConsole.guarded();

  @AfterEach
  void stop() {
    console.close();
  }

  @Test
  void aCallByTheApiTakesTheTurnOfARequest() {
    assertThat(console.usage.callOrWaitMs(TestConsole.SLOW)).isZero();

    assertThat(console.get("/settings", "Authorization", "Bearer slow").statusCode())
        .isEqualTo(429);
  }

  @Test
  void aRequestTakesTheTurnOfACallByTheApi() {
    assertThat(console.get("/settings", "Authorization", "Bearer slow").statusCode())
        .isEqualTo(200);

    assertThat(console.usage.callOrWaitMs(TestConsole.SLOW)).isPositive();
  }
}
