package dev.dueline.operation.clock;

import static dev.dueline.operation.clock.MovedService.await;
import static dev.dueline.operation.clock.MovedService.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.time.MovableClock;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.call.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens while the clock moves is what would have happened. */
class AdvanceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  /** For what does not settle. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private final MovedService service = new MovedService();

  @AfterEach
  void stop() {
    service.close();
  }

  private ScriptedWatcher acking(String queue) {
    return service.watch(queue, 10, false).on(job -> service.ack(job.token()));
  }

  @Test
  void threeDaysAreSeventyTwoHourlyRuns() {
    long beganMs = service.clock.millis();
    service.schedule(
        "q", job(job("hourly", HOUR), null, 0, Recurrence.of(new Every(HOUR.toMillis()))));
    ScriptedWatcher watcher = acking("q");

    Passage passage = service.advance(Duration.ofDays(3).plusMinutes(1));

    assertThat(passage.isComplete()).isTrue();
    assertThat(passage.steps()).isEqualTo(72);
    assertThat(passage.jobs()).isEqualTo(new Tally(0, 72, 72, 0, 0, 0, 0, 0));
    List<Delivery> runs = watcher.received();
    for (int i = 0; i < 72; i++) {
      assertThat(runs.get(i).dueMs()).isEqualTo(runs.get(0).dueMs() + i * HOUR.toMillis());
      assertThat(runs.get(i).dispatchMs())
          .isBetween(runs.get(i).dueMs(), runs.get(i).dueMs() + MINUTE);
      assertThat(runs.get(i).attempt()).isEqualTo(1);
    }
    assertThat(service.clock.millis())
        .isGreaterThanOrEqualTo(beganMs + Duration.ofDays(3).toMillis());
  }

  @Test
  void byNothingIsNotBackHoweverFastTheClockGoes() {
    AtomicLong ms = new AtomicLong(System.currentTimeMillis());
    MovableClock hasty = new MovableClock(() -> Instant.ofEpochMilli(ms.incrementAndGet()));
    try (MovedService fast = new MovedService(hasty)) {
      assertThat(fast.advance(Duration.ZERO).isComplete()).isTrue();
    }
  }

  @Test
  void aJobThatFailsComesAgainByItsBackoffUntilItIsDead() {
    RetryPolicy policy = new RetryPolicy(3, 10 * MINUTE, 60 * MINUTE, 2, 0);
    service.schedule("q", job(job("a", HOUR), policy, 0, null));
    ScriptedWatcher watcher = service.watch("q", 1, false).on(job -> service.nack(job.token()));

    Passage passage = service.advance(DAY);

    assertThat(passage.jobs()).isEqualTo(new Tally(0, 3, 0, 2, 1, 0, 0, 0));
    assertThat(watcher.gaps()).allSatisfy(gap -> assertThat(gap).isNotNegative());
    assertThat(watcher.gaps().get(0)).isBetween(10 * MINUTE, 11 * MINUTE);
    assertThat(watcher.gaps().get(1)).isBetween(20 * MINUTE, 21 * MINUTE);
  }

  @Test
  void aTtlIsJudgedAsItWouldBe() {
    service.schedule("taken", job(job("a", HOUR), null, 10 * MINUTE, null));
    service.schedule("left", job(job("b", HOUR), null, 10 * MINUTE, null));
    ScriptedWatcher watcher = acking("taken");

    Passage passage = service.advance(DAY);

    assertThat(passage.jobs()).isEqualTo(new Tally(0, 1, 1, 0, 0, 1, 0, 0));
    assertThat(watcher.received()).hasSize(1);
  }

  @Test
  void whatAHandlerDoesHappensAtItsTime() {
    service.schedule("reminders", job("reminder", Duration.ofDays(3)));
    service.schedule("payments", job("paid", Duration.ofDays(2)));
    ScriptedWatcher reminders = acking("reminders");
    service.watch("payments", 1, false).on(this::paid);

    Passage passage = service.advance(Duration.ofDays(2).plusMinutes(1));

    assertThat(passage.jobs()).isEqualTo(new Tally(1, 1, 1, 0, 0, 0, 1, 0));
    assertThat(service.advanceToNext().jobs()).isEqualTo(new Tally(0, 1, 1, 0, 0, 0, 0, 0));
    assertThat(service.advance(Duration.ofDays(2)).jobs()).isEqualTo(Tally.NOTHING);
    assertThat(reminders.received()).isEmpty();
  }

  private void paid(Delivery job) {
    if (job.job().id().value().equals("paid")) {
      service.cancel("reminders", "reminder");
      service.schedule("payments", job("receipt", HOUR));
    }
    service.ack(job.token());
  }

  @Test
  void aRateLetsOneJobGoAfterTheOther() {
    for (int i = 0; i < 6; i++) {
      service.schedule("q", job("j" + i, HOUR));
    }
    limit("q", new QueueLimits(0.3, 0, 0));
    ScriptedWatcher watcher = acking("q");

    Passage passage = service.advance(HOUR.plusMinutes(10));

    assertThat(passage.jobs().acknowledged()).isEqualTo(6);
    assertThat(passage.steps()).isGreaterThan(1);
    List<Delivery> jobs = watcher.received();
    // Each of three shards has a third: one in 10 s.
    assertThat(jobs.get(5).dispatchMs() - jobs.get(0).dispatchMs()).isGreaterThan(9 * SECOND);
  }

  private void limit(String queue, QueueLimits limits) {
    await(service.queues.control().limit(new QueueName(queue), QueueLimits.Change.to(limits)));
  }

  @Test
  void aPausedQueueIsNotWaitedFor() {
    service.schedule("q", job("a", HOUR));
    await(service.queues.control().pause(new QueueName("q"), true));
    ScriptedWatcher watcher = acking("q");

    assertThat(service.advance(DAY).jobs()).isEqualTo(Tally.NOTHING);
    assertThat(watcher.received()).isEmpty();
  }

  @Test
  void whoPullsAgainAndAgainIsWaitedFor() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      service.schedule("q", job("j" + i, HOUR));
    }
    AtomicBoolean isOver = new AtomicBoolean();
    Thread worker =
        new Thread(
            () -> {
              while (!isOver.get()) {
                service.pull("q", Duration.ofSeconds(20)).forEach(job -> service.ack(job.token()));
              }
            });
    worker.start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> await(service.replica.watchers().demand()).of(new QueueName("q")).hasPull());

    Passage passage = service.advance(HOUR.plusSeconds(1));
    isOver.set(true);

    assertThat(passage.jobs().acknowledged()).isEqualTo(5);
    // The last pull waits by this clock.
    service.advance(HOUR);
    worker.join();
  }

  @Test
  void withoutAnEventTheClockIsMovedAtOnce() {
    Passage passage = service.advance(Duration.ofDays(3_000));
    assertThat(passage.steps()).isZero();
    assertThat(passage.isComplete()).isTrue();
    assertThat(service.clock.movedMs()).isGreaterThan(Duration.ofDays(2_999).toMillis());

    Passage next = service.advanceToNext();
    assertThat(next.steps()).isZero();
    assertThat(next.nowMs()).isLessThan(passage.nowMs() + DAY.toMillis());
  }

  @Test
  void theNextEventIsThatOfAnyQueue() {
    service.schedule("q", job("a", Duration.ofHours(2)));
    long dueMs = service.schedule("unwatched", job("b", HOUR)).dueMs();

    Passage passage = service.advanceToNext();

    assertThat(passage.steps()).isEqualTo(1);
    assertThat(passage.nowMs()).isBetween(dueMs, dueMs + MINUTE);
    assertThat(service.pull("unwatched", Duration.ofSeconds(30))).hasSize(1);
  }

  @Test
  void aNightlyJobKeepsItsLocalTimeOverAChangeToSummerTime() {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    int year = Instant.ofEpochMilli(service.clock.millis()).atZone(zone).getYear() + 1;
    LocalDate change =
        zone.getRules()
            .nextTransition(LocalDate.of(year, 1, 1).atStartOfDay(zone).toInstant())
            .getDateTimeBefore()
            .toLocalDate();
    long beforeMs = change.minusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
    await(service.operations.to(beforeMs, MovedService.SETTLE, Deadline.NEVER));
    service.schedule("q", nightly(zone));
    ScriptedWatcher watcher = acking("q");

    service.advance(Duration.ofDays(3));

    assertThat(watcher.received())
        .extracting(run -> LocalDateTime.ofInstant(Instant.ofEpochMilli(run.dueMs()), zone))
        .containsExactly(
            change.minusDays(1).atTime(2, 30),
            // 2:30 there is not, and is taken for the moment of the change.
            change.atTime(3, 0),
            change.plusDays(1).atTime(2, 30));
  }

  private static NewJob nightly(ZoneId zone) {
    return job(
        NewJob.of(new JobId("nightly"), new Due.ByRule(0), new byte[0]),
        null,
        0,
        Recurrence.of(new Cron("30 2 * * *", zone.getId())));
  }

  @Test
  void theClockNeverGoesBackNorBeyondItsLastYear() {
    long nowMs = service.clock.millis();
    assertThatThrownBy(() -> await(service.operations.to(nowMs - MINUTE, SHORT, Deadline.NEVER)))
        .isInstanceOf(ClockTargetException.class);
    assertThatThrownBy(
            () -> await(service.operations.to(MovableClock.LATEST_MS + 1, SHORT, Deadline.NEVER)))
        .isInstanceOf(ClockTargetException.class);
    assertThat(service.clock.movedMs()).isZero();
  }

  @Test
  void aCallerThatIsGoneEndsItAtTheNextEvent() {
    service.schedule(
        "q", job(job("hourly", HOUR), null, 0, Recurrence.of(new Every(HOUR.toMillis()))));
    AtomicBoolean isGone = new AtomicBoolean();
    service
        .watch("q", 1, false)
        .on(
            job -> {
              isGone.set(true);
              service.ack(job.token());
            });

    Passage passage =
        await(
            service.operations.by(
                Duration.ofDays(3),
                MovedService.SETTLE,
                new Deadline(Long.MAX_VALUE, isGone::get)));

    assertThat(passage.isComplete()).isFalse();
    assertThat(passage.steps()).isEqualTo(1);
  }
}
