package dev.dueline.operation.job;

import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One list over all shards of a queue: a page of each, merged as far as all of them reach. Beyond
 * the place that a shard's page ends at, if it has more, another job of that shard could come
 * first.
 */
final class JobList {
  /** Pages of a shard that a call reads at most: with 1,000 places each, some ms of Redis. */
  static final int MAX_PAGES = 10;

  private final JobStore store;

  JobList(JobStore store) {
    this.store = store;
  }

  Uni<JobPage> page(QueueLayout layout, ListQuery query) {
    return ShardCalls.each(layout.shards(), shard -> pageOf(shard, query, MAX_PAGES))
        .map(pages -> merge(query, pages));
  }

  /**
   * A page of one shard. Where none of the jobs that it looked for was there, since all moved or
   * their records are lost, it goes on behind them; after so many pages it is empty, and says how
   * far it looked.
   */
  private Uni<JobPage> pageOf(Shard shard, ListQuery query, int pages) {
    return store
        .list(shard, query)
        .chain(
            page ->
                page.jobs().isEmpty() && page.hasMore() && pages > 1
                    ? pageOf(shard, query.behind(page.end()), pages - 1)
                    : Uni.createFrom().item(page));
  }

  private static JobPage merge(ListQuery query, List<JobPage> pages) {
    Position reach = reach(pages);
    List<JobView> jobs =
        pages.stream()
            .flatMap(page -> page.jobs().stream())
            .filter(job -> reach == null || Position.of(job).compareTo(reach) <= 0)
            .sorted(Comparator.comparing(Position::of))
            .toList();
    return jobs.size() > query.size()
        ? new JobPage(jobs.subList(0, query.size()), true)
        : new JobPage(jobs, reach != null, reach);
  }

  /** How far all pages reach; null: to the end of the list. */
  private static @Nullable Position reach(List<JobPage> pages) {
    return pages.stream()
        .filter(JobPage::hasMore)
        .map(JobPage::end)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
