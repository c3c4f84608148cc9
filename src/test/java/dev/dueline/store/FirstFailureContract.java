package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Failures;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.queue.QueueStore.Spread;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whoever gets a job again is told how its failures began, until its attempts begin anew. */
interface FirstFailureContract extends ContractFixture {
  /** Claims the one job that is due and ends its lease; it is due again. */
  default void fail(boolean isCounted, String reason) {
    assertThat(release(claim(1).token().lease(), new Target.DueAgain(at(0)), isCounted, reason))
        .isTrue();
  }

  /** What is told of a job; a delivery tells the same. */
  default Failures told(String id) {
    Failures told = read(id).failures();
    ListQuery all = new ListQuery(read(id).state(), 0, Long.MAX_VALUE, null, 1_000, false);
    assertThat(await(store().list(shard(), all)).jobs())
        .allMatch(view -> !view.job().id().equals(id(id)) || view.failures().equals(told));
    if (read(id).state() == JobState.PENDING && read(id).dueMs() <= nowMs()) {
      Delivery delivery = claim(1);
      assertThat(delivery.failures()).isEqualTo(told);
      assertThat(read(id).failures()).isEqualTo(told);
      release(delivery.token().lease(), new Target.AsItWas(), false, "");
    }
    return told;
  }

  @Test
  default void keepsTheFirstFailureBesideTheLast() {
    given("a", at(0));
    assertThat(told("a")).isEqualTo(Failures.NONE);
    long before = nowMs();

    fail(true, "no route");

    long firstMs = read("a").failures().firstMs();
    assertThat(firstMs).isBetween(before, nowMs());
    assertThat(told("a")).isEqualTo(new Failures("no route", "no route", firstMs));
    pass(MINUTE);
    fail(true, "busy: é");
    assertThat(told("a")).isEqualTo(new Failures("busy: é", "no route", firstMs));
    fail(true, "");
    assertThat(told("a")).isEqualTo(new Failures("busy: é", "no route", firstMs));
    fail(true, "no route");
    assertThat(told("a")).isEqualTo(new Failures("no route", "no route", firstMs));
    fail(true, "x");
    assertThat(told("a")).isEqualTo(new Failures("x", "no route", firstMs));
  }

  @Test
  default void whatIsNotCountedIsNoFirstFailure() {
    given("a", at(0));
    fail(false, "not started");
    assertThat(told("a")).isEqualTo(new Failures("not started", "", Failures.NEVER));
    pass(MINUTE);
    long before = nowMs();

    fail(true, "no route");

    long firstMs = read("a").failures().firstMs();
    assertThat(firstMs).isBetween(before, nowMs());
    pass(MINUTE);
    fail(false, "not started");
    assertThat(told("a")).isEqualTo(new Failures("not started", "no route", firstMs));
    assertThat(read("a").failedAttempts()).isEqualTo(1);
  }

  @Test
  default void aFirstFailureWithoutAReasonHasItsTime() {
    given("a", at(0));
    fail(false, "not started");
    fail(true, "");
    long firstMs = read("a").failures().firstMs();
    assertThat(firstMs).isPositive();
    assertThat(told("a")).isEqualTo(new Failures("not started", "", firstMs));
    fail(true, "no route");
    assertThat(told("a")).isEqualTo(new Failures("no route", "", firstMs));
  }

  @Test
  default void aLeaseThatRanOutIsAFirstFailure() {
    given("a", at(0));
    long expiryMs = claim(1).leaseExpiryMs();
    pass(LEASE_MS + SECOND);
    await(store().expire(shard(), 10));
    Failures told = told("a");
    assertThat(told.first()).isEqualTo("lease expired");
    assertThat(told.firstMs()).isBetween(expiryMs, nowMs());

    pass(2 * MINUTE);
    fail(true, "no route");

    assertThat(told("a")).isEqualTo(new Failures("no route", "lease expired", told.firstMs()));
  }

  @Test
  default void aDeadJobTellsHowItBegan() {
    given("a", at(0));
    fail(true, "no route");
    long firstMs = read("a").failures().firstMs();

    release(claim(1).token().lease(), new Target.Dead(), false, "poison");

    assertThat(told("a")).isEqualTo(new Failures("poison", "no route", firstMs));
  }

  @Test
  default void itGoesWhereAttemptsBeginAnew() {
    List<Runnable> anew =
        List.of(
            () -> await(operations().redrive(shard(), List.of(id("a")), new Spread(0, 0))),
            () -> await(operations().redrive(shard(), 10, new Spread(0, 0))),
            () -> await(store().reschedule(shard(), id("a"), at(0))),
            () -> schedule(NewJob.of(id("a"), at(0), bytes("other")), ConflictPolicy.REPLACE));
    given("a", at(0));
    for (Runnable each : anew) {
      fail(true, "no route");
      release(claim(1).token().lease(), new Target.Dead(), true, "");
      pass(MINUTE);

      each.run();

      pass(1);
      assertThat(read("a").failures()).isEqualTo(Failures.NONE);
      assertThat(claim(1).failures()).isEqualTo(Failures.NONE);
      pass(LEASE_MS + SECOND);
      long before = nowMs();
      await(store().expire(shard(), 10));
      assertThat(read("a").failures().firstMs()).isBetween(before, nowMs());
      cancel("a", true);
      given("a", at(0));
    }
  }

  @Test
  default void aRescheduleOfAJobThatWaitsKeepsIt() {
    given("a", at(0));
    fail(true, "no route");
    Failures told = told("a");

    await(store().reschedule(shard(), id("a"), in(MINUTE)));

    assertThat(read("a").failures()).isEqualTo(told);
  }

  @Test
  default void eachRunHasItsOwn() {
    Recurrence twice = new Recurrence(new Every(MINUTE), Rule.MAX_MS, 3, MissedRuns.RUN_ONCE);
    schedule(
        new NewJob(id("r"), at(nowMs()), bytes("x"), new TreeMap<>(), null, 0, twice, null),
        ConflictPolicy.REJECT);
    fail(true, "no route");
    long firstMs = read("r").failures().firstMs();
    fail(true, "busy");
    assertThat(told("r")).isEqualTo(new Failures("busy", "no route", firstMs));

    release(claim(1).token().lease(), new Target.Dead(), true, "");

    assertThat(read("r").failures()).isEqualTo(new Failures("busy", "", Failures.NEVER));
    pass(2 * MINUTE);
    fail(true, "no route");
    ack(claim(1).token().lease());
    assertThat(read("r").failures()).isEqualTo(Failures.NONE);
    pass(2 * MINUTE);
    long before = nowMs();
    fail(true, "late");
    release(claim(1).token().lease(), new Target.Dead(), true, "poison");
    assertThat(read("r").state()).isEqualTo(JobState.DEAD);
    assertThat(read("r").failures().last()).isEqualTo("poison");
    assertThat(read("r").failures().first()).isEqualTo("late");
    assertThat(read("r").failures().firstMs()).isBetween(before, nowMs());
  }

  @Test
  default void aLastRunThatDiesAtOnceIsAFirstFailure() {
    Recurrence once = new Recurrence(new Every(MINUTE), Rule.MAX_MS, 1, MissedRuns.RUN_ONCE);
    schedule(
        new NewJob(id("r"), at(nowMs()), bytes("x"), new TreeMap<>(), null, 0, once, null),
        ConflictPolicy.REJECT);
    long before = nowMs();

    release(claim(1).token().lease(), new Target.Dead(), true, "poison");

    pass(SECOND);
    assertThat(read("r").failures().first()).isEqualTo("poison");
    assertThat(read("r").failures().firstMs()).isBetween(before, nowMs());
  }
}
