package dev.dueline.delivery.presence;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Rotation;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** What this replica tells the others of all queues that are watched here. */
public final class Presences {
  private final QueueStore operations;
  private final DeliveryContext context;
  private final Rotation<Presence> turns;

  /**
   * Nothing yet.
   *
   * @param perSecond how often it repeats something, for all queues
   */
  public Presences(QueueStore operations, int perSecond, DeliveryContext context) {
    this.operations = operations;
    this.context = context;
    this.turns = new Rotation<>(context.loop(), perSecond, Presence::tell);
  }

  /** What it tells of one queue. */
  public Presence of(Shard shard) {
    return new Presence(shard, operations, turns, context);
  }

  /** The replicas that told of watchers of a queue, which is kept by its first shard. */
  public Uni<List<Long>> watching(Shard first) {
    return operations.watching(first);
  }
}
