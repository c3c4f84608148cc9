package dev.dueline.operation.clock;

import static dev.dueline.operation.clock.MovedService.await;
import static dev.dueline.operation.clock.MovedService.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.queue.RedisStreamTarget;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is left that a next test could meet, but who watches. */
class ResetTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final UUID REQUEST = UUID.fromString("7f9c1a1e-44a7-4ed6-b3d3-3c5d6a2c9b10");

  private final MovedService service = new MovedService();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void allQueuesAreGoneAndTheClockStays() {
    service.schedule("a", job("waits", HOUR));
    service.schedule("b", job("waits", HOUR));
    service.advance(Duration.ofHours(2));
    long movedMs = service.clock.movedMs();

    await(service.operations.reset());

    assertThat(service.advance(HOUR).jobs()).isEqualTo(Tally.NOTHING);
    assertThat(service.clock.movedMs()).isGreaterThanOrEqualTo(movedMs);
    assertThat(service.pull("a", Duration.ZERO)).isEmpty();
  }

  @Test
  void aWatcherThatHadAJobHearsOfItAndTakesTheNext() {
    service.schedule("q", job("old", HOUR));
    ScriptedWatcher watcher = service.watch("q", 1, true);
    service.advance(HOUR.plusMinutes(1), Duration.ofMillis(200));
    Awaitility.await().atMost(LIMIT).until(() -> watcher.received().size() == 1);

    await(service.operations.reset());
    Awaitility.await().atMost(LIMIT).until(() -> watcher.lost().contains(LeaseEnd.CANCELED));
    watcher.on(job -> service.ack(job.token()));
    service.schedule("q", job("new", HOUR));

    assertThat(service.advance(HOUR.plusMinutes(1)).jobs().acknowledged()).isEqualTo(1);
  }

  @Test
  void aRequestIsNotKnownAnyLonger() {
    assertThat(service.schedule("q", job("a", HOUR), REQUEST).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);

    await(service.operations.reset());

    assertThat(service.schedule("q", job("a", HOUR), REQUEST).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
  }

  @Test
  void aRequestOfAQueueThatWasDeletedBeforeIsNotKnownEither() {
    service.schedule("q", job("a", HOUR), REQUEST);
    await(service.queues.removal().queue(new QueueName("q"), true));

    await(service.operations.reset());

    assertThat(service.schedule("q", job("a", HOUR), REQUEST).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
  }

  @Test
  void aQueueThatGoesToRedisStreamsIsOneOfWatchersAgain() {
    service.schedule("q", job("a", Duration.ZERO));
    await(service.queues.delivery().set(new QueueName("q"), new RedisStreamTarget("group", 100)));

    await(service.operations.reset());
    service.schedule("q", job("b", Duration.ZERO));

    assertThat(service.pull("q", Duration.ofSeconds(60))).hasSize(1);
  }
}
