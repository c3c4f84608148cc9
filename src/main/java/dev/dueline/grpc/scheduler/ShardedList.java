package dev.dueline.grpc.scheduler;

import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.store.JobPage;
import dev.dueline.store.JobPage.Position;
import dev.dueline.store.JobStore;
import dev.dueline.store.ListQuery;
import dev.dueline.store.QueueLayout;
import dev.dueline.v1.Job;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One list over all shards of a queue: a page of each, merged as far as all of them reach. Beyond
 * the last job of a shard's page that has more, another job of that shard could come first.
 */
final class ShardedList {
  /** Most bytes of a page, unless one job alone has more; clients take 4 MiB in one message. */
  static final int MAX_PAGE_BYTES = 7 << 19;

  /** Shards asked at the same time, to bound what is held in memory at once. */
  private static final int CONCURRENT_CALLS = 16;

  private final JobStore store;

  ShardedList(JobStore store) {
    this.store = store;
  }

  /**
   * A page.
   *
   * @param end where the next page begins; null: this is the last one
   */
  record Page(List<Job> jobs, @Nullable Position end) {}

  Uni<Page> page(QueueLayout layout, ListQuery query) {
    List<Uni<JobPage>> calls = layout.shards().stream().map(shard -> pageOf(shard, query)).toList();
    return Uni.join()
        .all(calls)
        .usingConcurrencyOf(CONCURRENT_CALLS)
        .andFailFast()
        .map(pages -> merge(layout, query, pages));
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

  private static Page merge(QueueLayout layout, ListQuery query, List<JobPage> pages) {
    Position reach = reach(pages);
    List<JobView> views =
        pages.stream()
            .flatMap(page -> page.jobs().stream())
            .sorted(Comparator.comparing(Position::of))
            .toList();
    List<Job> jobs = new ArrayList<>();
    Position end = null;
    long bytes = 0;
    for (JobView view : views) {
      Position position = Position.of(view);
      if (jobs.size() == query.size() || (reach != null && position.compareTo(reach) > 0)) {
        return new Page(jobs, end);
      }
      Job job = JobMapping.job(layout.queue(), view);
      bytes += job.getSerializedSize() + 8;
      if (bytes > MAX_PAGE_BYTES && !jobs.isEmpty()) {
        return new Page(jobs, end);
      }
      jobs.add(job);
      end = position;
    }
    return new Page(jobs, reach == null ? null : end);
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
