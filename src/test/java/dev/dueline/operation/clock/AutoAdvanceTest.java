package dev.dueline.operation.clock;

import static dev.dueline.operation.clock.MovedService.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.job.lease.Delivery;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock moves by itself when nothing is under way, and never else. */
class AutoAdvanceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** For what must not happen: a hundred looks. */
  private static final Duration WHILE = Duration.ofSeconds(1);

  private final MovedService service = new MovedService();
  private volatile boolean isCalm = true;

  @AfterEach
  void stop() {
    service.close();
  }

  private void begin() {
    service.operations.moveByItself(time -> isCalm);
  }

  @Test
  void itGoesFromOneJobToTheNext() {
    service.schedule("q", job("a", HOUR));
    service.schedule("q", job("b", Duration.ofDays(2)));
    ScriptedWatcher watcher = service.watch("q", 1, false).on(job -> service.ack(job.token()));
    begin();

    await().atMost(TIMEOUT).until(() -> watcher.received().size() == 2);
    assertThat(watcher.received().get(0).dispatchMs())
        .isLessThan(watcher.received().get(1).dueMs() - HOUR.toMillis());
  }

  @Test
  void itWaitsForWhoWorksOnAJob() {
    service.schedule("q", job("a", HOUR));
    service.schedule("q", job("b", Duration.ofDays(2)));
    ScriptedWatcher watcher = service.watch("q", 10, true);
    begin();

    await().atMost(TIMEOUT).until(() -> watcher.received().size() == 1);
    await().during(WHILE).atMost(TIMEOUT).until(() -> watcher.received().size() == 1);
    Delivery first = watcher.received().get(0);
    assertThat(service.ack(first.token())).isTrue();
    await().atMost(TIMEOUT).until(() -> watcher.received().size() == 2);
  }

  @Test
  void itWaitsForAWorker() {
    service.schedule("q", job("a", HOUR));
    begin();

    await().during(WHILE).atMost(TIMEOUT).until(() -> service.clock.movedMs() == 0);
    ScriptedWatcher watcher = service.watch("q", 1, false);
    await().atMost(TIMEOUT).until(() -> !watcher.received().isEmpty());
  }

  @Test
  void itWaitsForAClientThatCalls() {
    service.schedule("q", job("a", HOUR));
    ScriptedWatcher watcher = service.watch("q", 1, false);
    isCalm = false;
    begin();

    await().during(WHILE).atMost(TIMEOUT).until(() -> service.clock.movedMs() == 0);
    isCalm = true;
    await().atMost(TIMEOUT).until(() -> !watcher.received().isEmpty());
  }
}
