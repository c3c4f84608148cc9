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
import org.jspecify.annotations.Nullable;

/**
 * One list over all shards of a queue: a page of each, merged as far as all of them reach. Beyond
 * the last job of a shard's page that has more, another job of that shard could come first.
 */
final class JobList {
  private final JobStore store;

  JobList(JobStore store) {
    this.store = store;
  }

  Uni<JobPage> page(QueueLayout layout, ListQuery query) {
    return ShardCalls.each(layout.shards(), shard -> pageOf(shard, query))
        .map(pages -> merge(query, pages));
  }

  /** A page of one shard. It is empty only at the end: where all its jobs moved, it asks again. */
  private Uni<JobPage> pageOf(Shard shard, ListQuery query) {
    return store
        .list(shard, query)
        .chain(
            page ->
                page.jobs().isEmpty() && page.hasMore()
                    ? pageOf(shard, query)
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
        : new JobPage(jobs, reach != null);
  }

  /** How far all pages reach; null: to the end of the list. */
  private static @Nullable Position reach(List<JobPage> pages) {
    return pages.stream()
        .filter(JobPage::hasMore)
        .map(page -> Position.of(page.jobs().get(page.jobs().size() - 1)))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
