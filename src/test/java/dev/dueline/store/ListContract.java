package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.idsOf;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of jobs, and single ones. */
interface ListContract extends ContractFixture {
  /** By their bytes; UTF-16 would put the clef before the fullwidth letter. */
  List<String> IN_ORDER = List.of("A", "a", "a ", "a b", "aa", "b", "z", "é", "日", "ａ", "𝄞");

  private JobPage list(JobState state, @Nullable Position after, int size) {
    return await(store().list(shard(), new ListQuery(state, 0, Long.MAX_VALUE, after, size, true)));
  }

  /** All pages; each but the last must be full. */
  private List<JobView> pages(JobState state, int size) {
    List<JobView> jobs = new ArrayList<>();
    Position after = null;
    while (true) {
      JobPage page = list(state, after, size);
      jobs.addAll(page.jobs());
      if (!page.hasMore()) {
        return jobs;
      }
      assertThat(page.jobs()).hasSize(size);
      after = Position.of(page.jobs().get(size - 1));
    }
  }

  /** Brings jobs that are due at the same time to one state. */
  private void givenAll(List<String> ids, JobState state) {
    ids.forEach(id -> given(id, at(7)));
    if (state != JobState.PENDING) {
      List<Release> releases =
          claimUpTo(ids.size()).deliveries().stream()
              .map(d -> new Release(d.token().lease(), new Target.Dead(), true, ""))
              .toList();
      if (state == JobState.DEAD) {
        await(store().release(shard(), releases, false));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  default void pagesThroughJobsOfOneTimeByTheBytesOfTheirIds(JobState state) {
    List<String> shuffled = List.of("b", "𝄞", "a b", "A", "日", "z", "a", "ａ", "é", "aa", "a ");
    givenAll(shuffled, state);

    for (int size : new int[] {1, 2, 3, 11, 12}) {
      assertThat(pages(state, size))
          .as("pages of %s", size)
          .extracting(view -> view.job().id().value())
          .containsExactlyElementsOf(IN_ORDER);
    }
  }

  @Test
  default void listsPendingAndLeasedJobsByDueTime() {
    IntStream.of(3, 1, 2).forEach(i -> given("leased " + i, at(i)));
    Slots slots =
        TestSlots.of(
            List.of(new Slots.Holder(1, 1, 10 * MINUTE), new Slots.Holder(1, 2, 5 * MINUTE)),
            List.of(0, 0, 1));
    await(store().claim(shard(), slots));
    IntStream.of(3, 1, 2).forEach(i -> given("pending " + i, at(i)));

    assertThat(ids(JobState.PENDING)).containsExactly("pending 1", "pending 2", "pending 3");
    assertThat(ids(JobState.LEASED)).containsExactly("leased 1", "leased 2", "leased 3");
    assertThat(ids(JobState.DEAD)).isEmpty();
  }

  @Test
  default void listsDeadJobsByTimeOfDeath() {
    givenDead("z");
    pass(MINUTE);
    givenDead("a");

    assertThat(ids(JobState.DEAD)).containsExactly("z", "a");
  }

  @ParameterizedTest
  @EnumSource(names = {"PENDING", "LEASED"})
  default void keepsToTheBounds(JobState state) {
    IntStream.range(0, 10).forEach(i -> given("job " + i, at(i)));
    if (state == JobState.LEASED) {
      claimUpTo(10);
    }

    ListQuery first = new ListQuery(state, 3, 7, null, 3, false);
    JobPage page = await(store().list(shard(), first));
    Position after = Position.of(page.jobs().get(2));
    JobPage rest = await(store().list(shard(), new ListQuery(state, 3, 7, after, 3, false)));
    Position before = new Position(1, id("job 1"));

    assertThat(idsOf(page)).containsExactly("job 3", "job 4", "job 5");
    assertThat(idsOf(rest)).containsExactly("job 6");
    assertThat(idsOf(await(store().list(shard(), new ListQuery(state, 3, 7, before, 9, false)))))
        .containsExactly("job 3", "job 4", "job 5", "job 6");
    assertThat(idsOf(await(store().list(shard(), new ListQuery(state, 5, 5, null, 9, false)))))
        .isEmpty();
  }

  @Test
  default void goesOnBehindAJobThatIsGone() {
    List.of("a", "b", "c").forEach(id -> given(id, at(1)));
    Position after = Position.of(list(JobState.PENDING, null, 2).jobs().get(1));
    cancel("b", false);

    assertThat(idsOf(list(JobState.PENDING, after, 2))).containsExactly("c");
  }

  @Test
  default void leavesPayloadsOutUnlessAskedFor() {
    schedule(NewJob.of(id("a"), in(MINUTE), bytes("x")), ConflictPolicy.REJECT);

    ListQuery bare = new ListQuery(JobState.PENDING, 0, Long.MAX_VALUE, null, 1, false);

    assertThat(await(store().list(shard(), bare)).jobs().get(0).job().payload()).isEmpty();
    assertThat(list(JobState.PENDING, null, 1).jobs().get(0).job().payload()).isEqualTo(bytes("x"));
  }

  @ParameterizedTest
  @EnumSource
  default void endsAPageEarlyToStaySmall(JobState state) {
    List<String> ids = List.of("a", "b", "c", "d", "e");
    ids.forEach(
        id -> schedule(NewJob.of(id(id), at(1), new byte[256 << 10]), ConflictPolicy.REJECT));
    if (state != JobState.PENDING) {
      for (int left = 2; left > 0; left--) {
        claimUpTo(5).deliveries().stream()
            .filter(delivery -> state == JobState.DEAD)
            .forEach(d -> release(d.token().lease(), new Target.Dead(), true, ""));
      }
    }

    JobPage first = list(state, null, 5);

    assertThat(idsOf(first)).containsExactly("a", "b", "c");
    assertThat(first.hasMore()).isTrue();
    JobPage rest = list(state, Position.of(first.jobs().get(2)), 5);
    assertThat(idsOf(rest)).containsExactly("d", "e");
    assertThat(rest.hasMore()).isFalse();
  }

  @Test
  default void findsEveryoneOfManyLeasedJobs() {
    List<ScheduleItem> items =
        IntStream.range(0, 1_100)
            .mapToObj(i -> NewJob.of(id("job " + i), at(1_100 - i), new byte[0]))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();
    await(store().schedule(shard(), items));
    claimUpTo(1_100);

    assertThat(pages(JobState.LEASED, 500)).hasSize(1_100).extracting(JobView::dueMs).isSorted();
  }

  @Test
  default void readsNoJobThatIsNotThere() {
    assertThat(await(store().read(shard(), id("a")))).isEmpty();
    assertThat(list(JobState.PENDING, null, 10)).isEqualTo(new JobPage(List.of(), false));
  }
}
