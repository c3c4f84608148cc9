package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Rescheduled.Outcome;
import dev.dueline.store.due.Release.Target;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Reschedule moves, and what it keeps. */
interface RescheduleContract extends ContractFixture {
  private Rescheduled reschedule(String id, Due due) {
    return await(store().reschedule(shard(), id(id), due));
  }

  @Test
  default void movesAPendingJobToAnEarlierOrLaterTime() {
    long due = nowMs() + MINUTE;
    given("a", at(due));

    assertThat(reschedule("a", at(due + MINUTE)))
        .isEqualTo(new Rescheduled(Outcome.MOVED, due + MINUTE));
    assertThat(read("a").dueMs()).isEqualTo(due + MINUTE);
    assertThat(read("a").job().dueMs()).isEqualTo(due + MINUTE);

    assertThat(reschedule("a", in(0)).outcome()).isEqualTo(Outcome.MOVED);
    pass(SECOND);
    assertThat(claimedIds(2)).containsExactly("a");
  }

  @Test
  default void keepsWhatElseIsKnownOfAJobThatFailed() {
    schedule(NewJob.of(id("a"), at(0), bytes("x")), ConflictPolicy.REJECT);
    release(claim(1).token().lease(), new Target.DueAgain(in(MINUTE)), true, "no route");

    reschedule("a", in(0));

    JobView view = read("a");
    assertThat(view.failedAttempts()).isEqualTo(1);
    assertThat(view.failures().last()).isEqualTo("no route");
    assertThat(view.job().payload()).isEqualTo(bytes("x"));
    pass(SECOND);
    assertThat(claim(1)).extracting(Delivery::attempt).isEqualTo(2);
  }

  @Test
  default void bringsADeadJobBack() {
    givenDead("a");

    assertThat(reschedule("a", in(0)).outcome()).isEqualTo(Outcome.MOVED);

    assertThat(ids(JobState.DEAD)).isEmpty();
    pass(SECOND);
    assertThat(claimedIds(2)).containsExactly("a");
  }

  @Test
  default void aDeadJobTakesTheRoomOfOneWhoseTtlHasPassed() {
    givenDead("a");
    schedule(job("b", null, SECOND), ConflictPolicy.REJECT);
    fillUp();
    pass(MINUTE);

    assertThat(reschedule("a", in(0)).outcome()).isEqualTo(Outcome.MOVED);

    assertThat(exists("b")).isFalse();
  }

  @Test
  default void aDeadJobTakesTheRoomOfOneWhoseLastLeaseRanOut() {
    givenDead("a");
    schedule(job("b", new RetryPolicy(1, 0, 0, 1, 0), 0), ConflictPolicy.REJECT);
    claim(1);
    fillUp();
    pass(LEASE_MS + SECOND);

    assertThat(reschedule("a", in(0)).outcome()).isEqualTo(Outcome.MOVED);

    assertThat(ids(JobState.DEAD)).containsExactly("b");
  }

  @Test
  default void aDeadJobFindsNoRoomInAFullQueue() {
    givenDead("a");
    given("b", in(60 * MINUTE));
    fillUp();

    assertThat(reschedule("a", in(0))).isEqualTo(new Rescheduled(Outcome.QUEUE_FULL, 0));
  }

  private static NewJob job(String id, @Nullable RetryPolicy policy, long ttlMs) {
    return new NewJob(id(id), at(0), new byte[0], new TreeMap<>(), policy, ttlMs, null, null);
  }

  private void fillUp() {
    QueueLimits one = new QueueLimits(0, 0, 1);
    await(operations().limit(shard(), QueueLimits.Change.to(one), one));
  }

  @Test
  default void doesNotMoveALeasedJob() {
    LeaseRef lease = givenLeased("a");

    assertThat(reschedule("a", in(0))).isEqualTo(new Rescheduled(Outcome.LEASED, 0));

    assertThat(ack(lease)).isTrue();
  }

  @Test
  default void findsNoJobToMove() {
    assertThat(reschedule("a", in(0))).isEqualTo(new Rescheduled(Outcome.NOT_FOUND, 0));
    assertThat(exists("a")).isFalse();
  }
}
