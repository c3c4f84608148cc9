package dev.dueline.operation.job;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.job.LeaseId;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Takes jobs back, also from watchers that hold them. */
public final class Cancel {
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

  /** A verdict on each job; a queue that does not exist has none. */
  public Uni<List<Canceled.Outcome>> each(List<Item> items) {
    List<QueueName> queues = items.stream().map(Item::queue).distinct().toList();
    return ShardCalls.eachToItsEnd(queues, directory::find)
        .chain(
            found -> {
              Map<QueueName, QueueLayout> layouts = new HashMap<>();
              found.forEach(each -> each.ifPresent(layout -> layouts.put(layout.queue(), layout)));
              return each(items, layouts);
            });
  }

  private Uni<List<Canceled.Outcome>> each(List<Item> items, Map<QueueName, QueueLayout> layouts) {
    List<Item> known = items.stream().filter(item -> layouts.containsKey(item.queue)).toList();
    return ShardCalls.perShard(known, item -> shardOf(item, layouts), this::inShard)
        .map(
            results -> {
              Iterator<Canceled> next = results.iterator();
              return items.stream()
                  .map(
                      item ->
                          layouts.containsKey(item.queue)
                              ? next.next().outcome()
                              : Canceled.Outcome.NOT_FOUND)
                  .toList();
            });
  }

  private static Shard shardOf(Item item, Map<QueueName, QueueLayout> layouts) {
    return Objects.requireNonNull(layouts.get(item.queue)).shardOf(item.job.id());
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
