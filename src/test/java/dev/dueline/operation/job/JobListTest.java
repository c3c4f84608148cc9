package dev.dueline.operation.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages over shards where what an index names is not there. */
class JobListTest {
  private static final int SIZE = 3;
  private static final QueueLayout LAYOUT = new QueueLayout(new QueueName("q"), 2);
  private static final Shard LOST = LAYOUT.shards().get(0);
  private static final Shard OTHER = LAYOUT.shards().get(1);
  private static final long FIRST_MS = TestStore.START_MS + 1_000;

  private final TestStore store = new TestStore(2);
  private int asked;

  /** How many places at the head of the first shard have no job. */
  private int lost;

  /** As the store, but that the first places of the first shard have lost their jobs. */
  private final JobStore losing =
      (JobStore)
          Proxy.newProxyInstance(
              JobStore.class.getClassLoader(),
              new Class<?>[] {JobStore.class},
              (proxy, method, arguments) ->
                  method.getName().equals("list") && arguments[0].equals(LOST)
                      ? lost((ListQuery) arguments[1])
                      : method.invoke(store.jobs, arguments));

  private Uni<JobPage> lost(ListQuery query) {
    asked++;
    Position after = query.after();
    int from = after == null || after.ms() < FIRST_MS ? 0 : (int) (after.ms() - FIRST_MS) + 1;
    if (from >= lost) {
      return store.jobs.list(LOST, query);
    }
    int to = Math.min(lost, from + query.size());
    return Uni.createFrom()
        .item(new JobPage(List.of(), true, new Position(FIRST_MS + to - 1, new JobId("lost"))));
  }

  @Test
  void itGoesOnBehindPlacesThatHaveNoJob() {
    lost = (JobList.MAX_PAGES - 1) * SIZE;
    schedule(LOST, "behind", FIRST_MS + lost);
    JobPage page = page(null);
    assertThat(ids(page)).containsExactly("behind");
    assertThat(page.hasMore()).isFalse();
    assertThat(asked).isEqualTo(JobList.MAX_PAGES);
  }

  @Test
  void afterSoManyPagesItSaysHowFarItLooked() {
    lost = 25 * SIZE + 1;
    schedule(OTHER, "first", FIRST_MS + 1);
    schedule(LOST, "behind", FIRST_MS + lost);
    schedule(OTHER, "last", FIRST_MS + lost + 1);
    List<List<String>> pages = new ArrayList<>();
    JobPage page = page(null);
    pages.add(ids(page));
    assertThat(asked).isEqualTo(JobList.MAX_PAGES);
    while (page.hasMore()) {
      page = page(page.end());
      pages.add(ids(page));
      assertThat(asked).isLessThanOrEqualTo(pages.size() * JobList.MAX_PAGES);
    }
    assertThat(pages).containsExactly(List.of("first"), List.of(), List.of("behind", "last"));
  }

  private JobPage page(@Nullable Position after) {
    ListQuery query = new ListQuery(JobState.PENDING, 0, Long.MAX_VALUE, after, SIZE, false);
    return new JobList(losing).page(LAYOUT, query).await().indefinitely();
  }

  private void schedule(Shard shard, String id, long dueMs) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(dueMs), new byte[0]);
    store
        .jobs
        .schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }

  private static List<String> ids(JobPage page) {
    return page.jobs().stream().map(view -> view.job().id().value()).toList();
  }
}
