package dev.dueline.operation.job;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes jobs back, also from watchers that hold them. */
public final class Cancel {
  private static final Canceled NONE = new Canceled(Canceled.Outcome.NOT_FOUND, null);

  private final QueueDirectory directory;
  private final JobStore store;
  private final Leases leases;

  Cancel(QueueDirectory directory, JobStore store, Leases leases) {
    this.directory = directory;
    this.store = store;
    this.leases = leases;
  }

  /** A job to cancel, and its queue. */
  public record Item(QueueName queue, CancelItem job) {}

  /** A verdict on each job; a queue that does not exist has no jobs. */
  public Uni<List<Canceled.Outcome>> each(List<Item> items) {
    return ShardCalls.perQueue(items, Item::queue, this::inQueue)
        .map(verdicts -> verdicts.stream().map(Canceled::outcome).toList());
  }

  private Uni<List<Canceled>> inQueue(QueueName queue, List<Item> items) {
    return directory.withFound(
        queue,
        found ->
            found.isEmpty()
                ? Uni.createFrom().item(Collections.nCopies(items.size(), NONE))
                : ShardCalls.perShard(
                    items, item -> found.get().shardOf(item.job.id()), this::inShard));
  }

  /** Tells of the leases that ended, whatever becomes of other shards. */
  private Uni<List<Canceled>> inShard(Shard shard, List<Item> items) {
    return store
        .cancel(shard, items.stream().map(Item::job).toList())
        .invoke(
            results -> {
              List<LeaseToken> taken = new ArrayList<>();
              for (int i = 0; i < results.size(); i++) {
                LeaseId leaseId = results.get(i).taken();
                if (leaseId != null) {
                  taken.add(new LeaseToken(shard, new LeaseRef(items.get(i).job.id(), leaseId)));
                }
              }
              leases.canceled(taken);
            });
  }
}
