package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.embedded.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each action leaves a line that says who did it and how it ended. */
class ActionLogTest {
  private static final String ACTIONS = "dev.dueline.console.ActionForms#paths";

  private final TestConsole console = TestConsole.guarded();
  private final CapturedLog log = CapturedLog.of("dev.dueline.console");

  @BeforeEach
  void fill() {
    ActionForms.fill(console);
  }

  @AfterEach
  void stop() {
    log.close();
    console.close();
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void whatWasDone(String action) {
    post(action, ActionForms.fields(action), "all");
    assertThat(log.messages(Level.INFO))
        .isNotEmpty()
        .allMatch(line -> line.matches("By the console, 'anybody' .* in the queue own-q"));
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void whatWasRefused(String action) {
    post(action, ActionForms.fields(action), "reader");
    assertThat(log.messages(Level.INFO))
        .singleElement()
        .asString()
        .startsWith("By the console, 'reader' was refused " + action + " in the queue own-q: ");
  }

  @Test
  void aJobThatIsNotThereWasNotCanceled() {
    post("/job/cancel", List.of("queue", "own-q", "id", "missing"), "all");
    assertThat(log.messages(Level.INFO))
        .singleElement()
        .asString()
        .contains("was refused /job/cancel");
  }

  @Test
  void aFormThatIsWrong() {
    post("/schedule", List.of("queue", "own-q", "ttl", "x"), "all");
    assertThat(log.messages(Level.INFO))
        .singleElement()
        .asString()
        .contains("was refused /schedule");
  }

  @Test
  void aJobThatWasScheduledAlready() {
    post("/schedule", ActionForms.fields("/schedule"), "all");
    post("/schedule", ActionForms.fields("/schedule"), "all");
    assertThat(log.messages(Level.INFO)).hasSize(2);
  }

  @Test
  void aPurgeToItsEnd() {
    post("/queue/purge", ActionForms.fields("/queue/purge"), "all");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(log.messages(Level.INFO))
                    .containsExactly(
                        "By the console, 'anybody' began to purge pending jobs in the queue own-q",
                        "By the console, 'anybody' purged 1 pending jobs in the queue own-q"));
  }

  @Test
  void aNameMakesNoLineOfItsOwn() {
    post("/queue/pause", List.of("queue", "x\nBy the console, 'all' did it"), "all");
    assertThat(log.messages(Level.INFO))
        .singleElement()
        .asString()
        .doesNotContain("\n", "did it")
        .contains("in the queue ?");
  }

  private void post(String action, List<String> fields, String token) {
    console.post(action, fields, "Authorization", "Bearer " + token);
  }
}
