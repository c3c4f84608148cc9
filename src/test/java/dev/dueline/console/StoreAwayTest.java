package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.store.failure.StoreRefusesException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A store that answers no longer is what is wrong; how queues stood before is still shown. */
class StoreAwayTest {
  private static final String SAID = "Redis has not answered";

  @Test
  void theOverviewSaysSoUntilItAnswersAgain() {
    try (TestConsole console = TestConsole.open()) {
      console.schedule("own-a", NewJob.of(new JobId("a"), new Due.After(60_000), new byte[0]));
      assertThat(console.get("/").body()).contains("own-a").doesNotContain(SAID);
      console.store.failingNames.set(new IllegalStateException("away"));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(console.get("/").body()).contains(SAID, "own-a"));
      console.store.failingNames.set(new StoreRefusesException("NOPERM", null));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(console.get("/").body())
                      .contains("Redis has refused the service", "own-a")
                      .doesNotContain(SAID));
      console.store.failingNames.set(null);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(console.get("/").body())
                      .contains("own-a")
                      .doesNotContain("Redis has"));
    }
  }
}
