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
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.TraceParent;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.due.Release.Target;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Schedule does when a live job has the id. */
interface ConflictContract extends ContractFixture {
  TraceParent TRACE =
      new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", (byte) 1);
  TraceParent OTHER_TRACE =
      new TraceParent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", (byte) -1);

  /** What became of the job that is there already. */
  enum Standing {
    PENDING,
    /** Failed once, waits for its retry. */
    RETRYING,
    LEASED,
    DEAD
  }

  /** Earlier and later are by the due time in force: of the retry, for a job that failed. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # policy,           standing, identical, earlier,   later
          REJECT,             PENDING,  UNCHANGED, ID_TAKEN,  ID_TAKEN
          REJECT,             RETRYING, UNCHANGED, ID_TAKEN,  ID_TAKEN
          REJECT,             LEASED,   UNCHANGED, ID_LEASED, ID_LEASED
          REJECT,             DEAD,     UNCHANGED, ID_TAKEN,  ID_TAKEN
          KEEP,               PENDING,  UNCHANGED, UNCHANGED, UNCHANGED
          KEEP,               RETRYING, UNCHANGED, UNCHANGED, UNCHANGED
          KEEP,               LEASED,   UNCHANGED, UNCHANGED, UNCHANGED
          KEEP,               DEAD,     UNCHANGED, UNCHANGED, UNCHANGED
          REPLACE,            PENDING,  UNCHANGED, REPLACED,  REPLACED
          REPLACE,            RETRYING, REPLACED,  REPLACED,  REPLACED
          REPLACE,            LEASED,   UNCHANGED, ID_LEASED, ID_LEASED
          REPLACE,            DEAD,     REPLACED,  REPLACED,  REPLACED
          REPLACE_IF_EARLIER, PENDING,  UNCHANGED, REPLACED,  UNCHANGED
          REPLACE_IF_EARLIER, RETRYING, REPLACED,  REPLACED,  UNCHANGED
          REPLACE_IF_EARLIER, LEASED,   UNCHANGED, ID_LEASED, ID_LEASED
          REPLACE_IF_EARLIER, DEAD,     REPLACED,  REPLACED,  REPLACED
          REPLACE_IF_LATER,   PENDING,  UNCHANGED, UNCHANGED, REPLACED
          REPLACE_IF_LATER,   RETRYING, UNCHANGED, UNCHANGED, REPLACED
          REPLACE_IF_LATER,   LEASED,   UNCHANGED, ID_LEASED, ID_LEASED
          REPLACE_IF_LATER,   DEAD,     REPLACED,  REPLACED,  REPLACED
          """)
  default void followsThePolicy(
      ConflictPolicy policy, Standing standing, Outcome identical, Outcome earlier, Outcome later) {
    long due = nowMs() - MINUTE;
    assertThat(outcome(policy, standing, "same", due, due)).isEqualTo(identical);
    assertThat(outcome(policy, standing, "sooner", due, due - MINUTE)).isEqualTo(earlier);
    assertThat(outcome(policy, standing, "later", due, due + 60 * MINUTE)).isEqualTo(later);
  }

  private Outcome outcome(
      ConflictPolicy policy, Standing standing, String id, long due, long newDue) {
    bring(id, at(due), standing);
    JobView before = read(id);

    Scheduled result = schedule(NewJob.of(id(id), at(newDue), bytes("old")), policy);

    JobView after = read(id);
    assertThat(result.dueMs()).isEqualTo(after.dueMs());
    assertThat(result.state()).isEqualTo(after.state());
    if (result.outcome() == Outcome.REPLACED) {
      assertThat(after.state()).isEqualTo(JobState.PENDING);
      assertThat(after.dueMs()).isEqualTo(newDue);
      assertThat(after.failedAttempts()).isZero();
      assertThat(after.failures().last()).isEmpty();
    } else {
      assertThat(after).usingRecursiveComparison().isEqualTo(before);
    }
    cancel(id, true);
    return result.outcome();
  }

  /** Stores a job and moves it to where it is wanted. */
  private void bring(String id, Due due, Standing standing) {
    schedule(NewJob.of(id(id), due, bytes("old")), ConflictPolicy.REJECT);
    if (standing != Standing.PENDING) {
      LeaseRef lease = claim(1).token().lease();
      if (standing == Standing.RETRYING) {
        release(lease, new Target.DueAgain(in(30 * MINUTE)), true, "failed");
      } else if (standing == Standing.DEAD) {
        release(lease, new Target.Dead(), true, "failed");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLACE_IF_EARLIER", "REPLACE_IF_LATER"})
  default void theSameDueTimeIsNeitherEarlierNorLater(ConflictPolicy policy) {
    Due due = at(nowMs() + MINUTE);
    schedule(NewJob.of(id("a"), due, bytes("old")), ConflictPolicy.REJECT);

    assertThat(schedule(NewJob.of(id("a"), due, bytes("new")), policy))
        .isEqualTo(new Scheduled(Outcome.UNCHANGED, due.ms(), JobState.PENDING));
    assertThat(read("a").job().payload()).isEqualTo(bytes("old"));
  }

  @Test
  default void replacesAllOfAJob() {
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("k", "v");
    RetryPolicy policy = new RetryPolicy(1, 2, 3, 4, 0.5);
    schedule(
        new NewJob(id("a"), in(0), bytes("old"), attributes, policy, MINUTE),
        ConflictPolicy.REJECT);

    schedule(NewJob.of(id("a"), in(MINUTE), bytes("new")), ConflictPolicy.REPLACE);

    JobView view = read("a");
    assertThat(view.job().payload()).isEqualTo(bytes("new"));
    assertThat(view.job().attributes()).isEmpty();
    assertThat(view.job().retryPolicy()).isNull();
    assertThat(view.job().ttlMs()).isZero();
    assertThat(claimUpTo(1).deliveries()).isEmpty();
  }

  @Test
  default void knowsARequestByAllThatWasAskedFor() {
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("k", "v");
    Due due = at(nowMs() + MINUTE);
    schedule(NewJob.of(id("a"), due, bytes("x")), ConflictPolicy.REJECT);

    List<NewJob> others =
        List.of(
            NewJob.of(id("a"), due, bytes("y")),
            NewJob.of(id("a"), at(due.ms() + 1), bytes("x")),
            NewJob.of(id("a"), in(MINUTE), bytes("x")),
            new NewJob(id("a"), due, bytes("x"), attributes, null, 0),
            new NewJob(id("a"), due, bytes("x"), new TreeMap<>(), RetryPolicy.DEFAULT, 0),
            new NewJob(id("a"), due, bytes("x"), new TreeMap<>(), null, 1));

    for (NewJob other : others) {
      assertThat(schedule(other, ConflictPolicy.REJECT).outcome()).isEqualTo(Outcome.ID_TAKEN);
    }
    assertThat(schedule(NewJob.of(id("a"), due, bytes("x")), ConflictPolicy.REJECT).outcome())
        .isEqualTo(Outcome.UNCHANGED);
  }

  @Test
  default void takesTheSameRequestFromAnotherTraceForTheSame() {
    Recurrence daily = new Recurrence(new Every(24 * 60 * MINUTE), Rule.MAX_MS, 0, MissedRuns.SKIP);
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("k", "v");
    Due due = at(nowMs() + MINUTE);
    for (NewJob job :
        List.of(
            NewJob.of(id("plain"), due, bytes("x")),
            new NewJob(id("full"), due, bytes("x"), attributes, RetryPolicy.DEFAULT, MINUTE),
            new NewJob(id("again"), due, bytes("x"), attributes, null, MINUTE, daily, null))) {
      schedule(job.in(TRACE), ConflictPolicy.REJECT);
      for (NewJob repeated : List.of(job, job.in(OTHER_TRACE))) {
        assertThat(schedule(repeated, ConflictPolicy.REJECT).outcome())
            .isEqualTo(Outcome.UNCHANGED);
      }
      assertThat(read(job.id().value()).job().attributes())
          .containsAllEntriesOf(job.attributes())
          .containsEntry("traceparent", TRACE.toString());
      schedule(job.withDue(at(due.ms() + 1)).in(OTHER_TRACE), ConflictPolicy.REPLACE);
      assertThat(read(job.id().value()).job().attributes())
          .containsEntry("traceparent", OTHER_TRACE.toString());
    }
  }

  @Test
  default void takesTheSameDelayForTheSameRequest() {
    NewJob job = NewJob.of(id("a"), in(MINUTE), bytes("x"));
    Scheduled first = schedule(job, ConflictPolicy.REJECT);
    pass(10 * SECOND);

    assertThat(schedule(job, ConflictPolicy.REJECT))
        .isEqualTo(new Scheduled(Outcome.UNCHANGED, first.dueMs(), JobState.PENDING));
  }

  @Test
  default void putsOffTheSameDelayWhenToldToReplaceIfLater() {
    NewJob job = NewJob.of(id("a"), in(MINUTE), bytes("x"));
    Scheduled first = schedule(job, ConflictPolicy.REPLACE_IF_LATER);
    pass(10 * SECOND);

    Scheduled second = schedule(job, ConflictPolicy.REPLACE_IF_LATER);

    assertThat(second.outcome()).isEqualTo(Outcome.REPLACED);
    assertThat(second.dueMs()).isGreaterThanOrEqualTo(first.dueMs() + 10 * SECOND);
  }

  @Test
  default void knowsTheRequestOfAJobThatWasMoved() {
    NewJob job = NewJob.of(id("a"), at(nowMs() + MINUTE), bytes("x"));
    schedule(job, ConflictPolicy.REJECT);
    long moved = await(store().reschedule(shard(), id("a"), in(2 * MINUTE))).dueMs();

    assertThat(schedule(job, ConflictPolicy.REJECT))
        .isEqualTo(new Scheduled(Outcome.UNCHANGED, moved, JobState.PENDING));
  }

  @Test
  default void leavesAReplacedDeadJobInNoIndexButPending() {
    givenDead("a");

    schedule(NewJob.of(id("a"), in(MINUTE), bytes("new")), ConflictPolicy.REPLACE);

    assertThat(ids(JobState.DEAD)).isEmpty();
    assertThat(ids(JobState.PENDING)).containsExactly("a");
  }
}
