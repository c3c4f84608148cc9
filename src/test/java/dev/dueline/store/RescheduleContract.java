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
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Rescheduled.Outcome;
import dev.dueline.store.due.Release.Target;
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
