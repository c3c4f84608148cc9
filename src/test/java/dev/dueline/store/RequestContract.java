package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.due.Release.Target;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Schedule does when a request comes twice, and when it comes too late. */
interface RequestContract extends ContractFixture {
  long REQUEST_WINDOW = 10 * MINUTE;
  RequestId REQUEST = new RequestId("7f9c1a1e-44a7-4ed6-b3d3-3c5d6a2c9b10");

  private static ScheduleItem item(NewJob job) {
    return new ScheduleItem(job, ConflictPolicy.REJECT, REQUEST, Deadline.NEVER);
  }

  private Scheduled schedule(ScheduleItem item) {
    return await(store().schedule(shard(), List.of(item))).get(0);
  }

  @Test
  default void knowsARequestWhileItsJobWaits() {
    ScheduleItem item = item(NewJob.of(id("a"), at(nowMs() + MINUTE), bytes("x")));

    Scheduled first = schedule(item);

    assertThat(first.outcome()).isEqualTo(Outcome.CREATED);
    assertThat(schedule(item))
        .isEqualTo(new Scheduled(Outcome.WAS_CREATED, first.dueMs(), JobState.PENDING));
  }

  @Test
  default void knowsARequestWhoseJobWasAcknowledged() {
    ScheduleItem item = item(NewJob.of(id("a"), at(0), bytes("x")));
    schedule(item);
    assertThat(ack(claim(1).token().lease())).isTrue();

    assertThat(schedule(item)).isEqualTo(new Scheduled(Outcome.WAS_CREATED, 0, null));
    assertThat(exists("a")).isFalse();
  }

  @Test
  default void knowsARequestWhoseJobWasCanceled() {
    ScheduleItem item = item(NewJob.of(id("a"), in(0), bytes("x")));
    Scheduled first = schedule(item);
    assertThat(cancel("a", false).outcome()).isEqualTo(Canceled.Outcome.CANCELED);

    assertThat(schedule(item)).isEqualTo(new Scheduled(Outcome.WAS_CREATED, first.dueMs(), null));
    assertThat(claimUpTo(1).deliveries()).isEmpty();
  }

  @Test
  default void knowsARequestWhoseJobIsDeadAndLeavesItDead() {
    ScheduleItem item =
        new ScheduleItem(
            NewJob.of(id("a"), at(0), bytes("x")), ConflictPolicy.REPLACE, REQUEST, Deadline.NEVER);
    schedule(item);
    pass(1);
    release(claim(1).token().lease(), new Target.Dead(), true, "broken");

    assertThat(schedule(item).outcome()).isEqualTo(Outcome.WAS_CREATED);
    assertThat(ids(JobState.DEAD)).containsExactly("a");
  }

  @Test
  default void knowsARequestWhoseJobWasReplaced() {
    NewJob job = NewJob.of(id("a"), in(MINUTE), bytes("1"));
    ScheduleItem first = new ScheduleItem(job, ConflictPolicy.REPLACE, REQUEST, Deadline.NEVER);
    schedule(first);
    schedule(NewJob.of(id("a"), in(2 * MINUTE), bytes("2")), ConflictPolicy.REPLACE);

    assertThat(schedule(first).outcome()).isEqualTo(Outcome.WAS_CREATED);
    assertThat(read("a").job().payload()).isEqualTo(bytes("2"));
  }

  @Test
  default void doesNotCountADelayAgainForARequestThatReplaces() {
    given("a", in(0));
    NewJob job = NewJob.of(id("a"), in(MINUTE), bytes("1"));
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REPLACE, REQUEST, Deadline.NEVER);
    Scheduled first = schedule(item);
    pass(SECOND);

    assertThat(first.outcome()).isEqualTo(Outcome.REPLACED);
    assertThat(schedule(item))
        .isEqualTo(new Scheduled(Outcome.WAS_REPLACED, first.dueMs(), JobState.PENDING));
    assertThat(read("a").dueMs()).isEqualTo(first.dueMs());
  }

  @Test
  default void knowsARequestThatLeftAnotherJobThere() {
    given("a", at(5));
    NewJob job = NewJob.of(id("a"), in(MINUTE), bytes("1"));
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.KEEP, REQUEST, Deadline.NEVER);
    assertThat(schedule(item)).isEqualTo(new Scheduled(Outcome.UNCHANGED, 5, JobState.PENDING));
    cancel("a", false);

    assertThat(schedule(item)).isEqualTo(new Scheduled(Outcome.WAS_UNCHANGED, 5, null));
    assertThat(exists("a")).isFalse();
  }

  @Test
  default void knowsARecurringRequestThroughItsRunsAndAfterThem() {
    Recurrence twice = new Recurrence(new Every(SECOND), Rule.MAX_MS, 2, MissedRuns.RUN_ONCE);
    NewJob job = new NewJob(id("a"), at(0), bytes("x"), new TreeMap<>(), null, 0, twice, null);
    ScheduleItem item = item(job);
    schedule(item);

    for (int run = 0; run < 2; run++) {
      assertThat(ack(claim(1).token().lease())).isTrue();
      assertThat(schedule(item))
          .isEqualTo(new Scheduled(Outcome.WAS_CREATED, 0, run == 0 ? JobState.PENDING : null));
      pass(2 * SECOND);
    }
    assertThat(exists("a")).isFalse();
  }

  @Test
  default void knowsARequestForTheWindowAndNoLonger() {
    ScheduleItem item = item(NewJob.of(id("a"), at(0), bytes("x")));
    schedule(item);
    cancel("a", false);
    pass(REQUEST_WINDOW - MINUTE);
    assertThat(schedule(item).outcome()).isEqualTo(Outcome.WAS_CREATED);
    pass(MINUTE);

    assertThat(schedule(item).outcome()).isEqualTo(Outcome.CREATED);
  }

  @Test
  default void knowsWhatCameLateInAWindowForAWholeOne() {
    schedule(item(NewJob.of(id("first"), at(0), bytes("x"))));
    pass(REQUEST_WINDOW - MINUTE);
    ScheduleItem item = item(NewJob.of(id("a"), at(0), bytes("x")));
    schedule(item);
    pass(MINUTE);
    schedule(item(NewJob.of(id("next"), at(0), bytes("x"))));
    pass(REQUEST_WINDOW - 2 * MINUTE);

    assertThat(schedule(item).outcome()).isEqualTo(Outcome.WAS_CREATED);
  }

  @Test
  default void judgesARequestAfterTheWindowByTheJobThatIsThere() {
    ScheduleItem item = item(NewJob.of(id("a"), at(7), bytes("x")));
    schedule(item);
    pass(REQUEST_WINDOW);

    assertThat(schedule(item)).isEqualTo(new Scheduled(Outcome.UNCHANGED, 7, JobState.PENDING));
  }

  @Test
  default void knowsARequestWithinItsOwnBatch() {
    ScheduleItem item = item(NewJob.of(id("a"), at(7), bytes("x")));

    assertThat(await(store().schedule(shard(), List.of(item, item))))
        .containsExactly(
            new Scheduled(Outcome.CREATED, 7, JobState.PENDING),
            new Scheduled(Outcome.WAS_CREATED, 7, JobState.PENDING));
  }

  @Test
  default void refusesAnotherRequestUnderTheSameId() {
    schedule(item(NewJob.of(id("a"), at(7), bytes("x"))));

    assertThat(schedule(item(NewJob.of(id("a"), at(7), bytes("y")))))
        .isEqualTo(new Scheduled(Outcome.REQUEST_ID_REUSED, 0, JobState.PENDING));
    assertThat(
            schedule(
                new ScheduleItem(
                    NewJob.of(id("a"), at(7), bytes("x")),
                    ConflictPolicy.REPLACE,
                    REQUEST,
                    Deadline.NEVER)))
        .isEqualTo(new Scheduled(Outcome.REQUEST_ID_REUSED, 0, JobState.PENDING));
    assertThat(read("a").job().payload()).isEqualTo(bytes("x"));
  }

  @Test
  default void takesTheSameIdForAnotherJobAndAnotherIdForTheSameJob() {
    NewJob job = NewJob.of(id("a"), at(7), bytes("x"));
    schedule(item(job));

    assertThat(schedule(item(NewJob.of(id("b"), at(7), bytes("x")))).outcome())
        .isEqualTo(Outcome.CREATED);
    cancel("a", false);
    assertThat(
            schedule(
                    new ScheduleItem(
                        job, ConflictPolicy.REJECT, new RequestId("2"), Deadline.NEVER))
                .outcome())
        .isEqualTo(Outcome.CREATED);
  }

  @Test
  default void takesARepetitionFromAnotherTraceForTheSame() {
    NewJob job = NewJob.of(id("a"), at(7), bytes("x"));
    schedule(item(job.in(new TraceParent("1".repeat(32), "2".repeat(16), (byte) 1))));

    assertThat(schedule(item(job)).outcome()).isEqualTo(Outcome.WAS_CREATED);
  }

  @Test
  default void doesNotRememberARefusedRequest() {
    given("a", at(5));
    ScheduleItem item = item(NewJob.of(id("a"), at(7), bytes("x")));
    assertThat(schedule(item).outcome()).isEqualTo(Outcome.ID_TAKEN);
    cancel("a", false);

    assertThat(schedule(item).outcome()).isEqualTo(Outcome.CREATED);
  }

  @ParameterizedTest
  @EnumSource(ConflictPolicy.class)
  default void doesNothingAfterTheDeadline(ConflictPolicy policy) {
    given("taken", at(5));
    nowMs();
    Deadline passed = Deadline.in(Duration.ofMinutes(-1));

    for (String id : List.of("taken", "free")) {
      NewJob job = NewJob.of(id(id), at(7), bytes("x"));
      assertThat(schedule(new ScheduleItem(job, policy, REQUEST, passed)))
          .isEqualTo(new Scheduled(Outcome.TOO_LATE, 0, null));
    }
    assertThat(exists("free")).isFalse();
    assertThat(read("taken").dueMs()).isEqualTo(5);
    assertThat(schedule(item(NewJob.of(id("free"), at(7), bytes("x")))).outcome())
        .isEqualTo(Outcome.CREATED);
  }

  @Test
  default void doesNothingForACallerThatHasGoneAway() {
    Deadline givenUp = Deadline.in(Duration.ofMinutes(1), () -> true);
    ScheduleItem gone =
        new ScheduleItem(
            NewJob.of(id("gone"), at(7), bytes("x")), ConflictPolicy.REJECT, REQUEST, givenUp);
    ScheduleItem stays =
        new ScheduleItem(NewJob.of(id("stays"), at(7), bytes("x")), ConflictPolicy.REJECT);

    assertThat(await(store().schedule(shard(), List.of(gone, stays))))
        .extracting(Scheduled::outcome)
        .containsExactly(Outcome.TOO_LATE, Outcome.CREATED);
    assertThat(exists("gone")).isFalse();
  }
}
