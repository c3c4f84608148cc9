package dev.dueline.operation.job;

import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.QueueName;
import dev.dueline.operation.turn.FairTurns;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Looks at jobs. A queue that does not exist has none, and is not created. */
public final class Jobs {
  /** Pages read at once. Each may take some ms of Redis, and megabytes here. */
  private static final int CONCURRENT_PAGES = 4;

  private final QueueDirectory directory;
  private final JobStore store;
  private final JobList list;
  private final FairTurns turns = new FairTurns(CONCURRENT_PAGES);

  Jobs(QueueDirectory directory, JobStore store) {
    this.directory = directory;
    this.store = store;
    this.list = new JobList(store);
  }

  /** One job, payload included. */
  public Uni<Optional<JobView>> find(QueueName queue, JobId id) {
    return directory.withFound(
        queue,
        found ->
            found.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : store.read(found.get().shardOf(id), id));
  }

  /**
   * A page of the jobs in one state, over all shards. It may have fewer than were asked for
   * although there are more, or none; the next one begins behind its end.
   *
   * @param owner who asks: of those who wait, each has a page in turn
   */
  public Uni<JobPage> list(Object owner, QueueName queue, ListQuery query) {
    return directory.withFound(
        queue,
        found ->
            found.isEmpty()
                ? Uni.createFrom().item(new JobPage(List.of(), false))
                : turns.take(owner, () -> list.page(found.get(), query)));
  }
}
