package dev.dueline.operation.queue;

import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.QueueName;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Uni;

/**
 * Pauses and limits queues. What is set is kept with each shard, where the scripts obey it from
 * that moment on; a call that was cut off may have reached some shards only, and is repeated. Fails
 * with {@link QueueRefusedException} if there is no such queue.
 */
public final class QueueControl {
  private final Queues queues;
  private final QueueStore store;

  QueueControl(Queues queues, QueueStore store) {
    this.queues = queues;
    this.store = store;
  }

  /** Holds the deliveries of a queue back from now on, or lets them go on at once. */
  public Uni<Void> pause(QueueName queue, boolean isPaused) {
    return queues
        .with(
            queue,
            layout ->
                ShardCalls.eachToItsEnd(layout.shards(), shard -> store.pause(shard, isPaused)))
        .replaceWithVoid();
  }

  /**
   * Sets limits of a queue in place of those before; gives the queue as it stands then. Fails with
   * {@link IndivisibleLimitsException} if one is less than the number of shards, but for 0.
   */
  public Uni<QueueView> limit(QueueName queue, Change change) {
    QueueLimits limits = change.of(QueueLimits.NONE);
    return queues.with(
        queue,
        layout -> {
          requireDivisible(limits, layout.shardCount());
          return ShardCalls.eachToItsEnd(
                  layout.shards(),
                  shard ->
                      store.limit(shard, change, limits.share(shard.index(), layout.shardCount())))
              .chain(() -> queues.view(layout));
        });
  }

  private static void requireDivisible(QueueLimits limits, int shards) {
    if (IndivisibleLimitsException.isTooLow(limits.maxOutstanding(), shards)
        || IndivisibleLimitsException.isTooLow(limits.maxPending(), shards)) {
      throw new IndivisibleLimitsException(limits, shards);
    }
  }
}
