package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers of jobs between times. */
interface CountContract extends ContractFixture {
  private List<Long> count(JobState state, Long... boundariesMs) {
    return await(operations().count(shard(), state, List.of(boundariesMs)));
  }

  @Test
  default void aPartHasItsBeginningAndNotItsEnd() {
    List.of(1L, 2L, 3L, 3L, 4L).forEach(ms -> given("due " + ids(JobState.PENDING), at(ms)));

    assertThat(count(JobState.PENDING)).containsExactly(5L);
    assertThat(count(JobState.PENDING, 3L)).containsExactly(2L, 3L);
    assertThat(count(JobState.PENDING, 0L, 1L, 3L, 4L, 5L)).containsExactly(0L, 0L, 2L, 2L, 1L, 0L);
  }

  @Test
  default void leasedJobsAreCountedByTheEndOfTheirLease() {
    givenLeased("x");
    long endMs = read("x").stateMs();

    assertThat(count(JobState.LEASED, endMs)).containsExactly(0L, 1L);
    assertThat(count(JobState.LEASED, endMs + 1)).containsExactly(1L, 0L);
    assertThat(count(JobState.PENDING, endMs)).containsExactly(0L, 0L);
  }

  @Test
  default void whatTimeEndedIsCountedAsWhatItIs() {
    givenLeased("x");
    pass(LEASE_MS);

    assertThat(count(JobState.LEASED)).containsExactly(0L);
    assertThat(count(JobState.PENDING)).containsExactly(1L);
  }

  @Test
  default void deadJobsAreCountedByTheirTimeOfDeath() {
    givenDead("x");
    long diedMs = read("x").stateMs();

    assertThat(count(JobState.DEAD, diedMs)).containsExactly(0L, 1L);
    assertThat(count(JobState.DEAD, diedMs + 1)).containsExactly(1L, 0L);
  }
}
