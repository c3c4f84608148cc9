package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.LostClaims;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.shard.ShardLoops;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Slots;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/** Opens the loops that claim jobs for watchers. */
public final class ClaimLoops {
  private final JobStore store;
  private final Duration timeout;
  private final ShardLoops loops;
  private final DeliveryContext context;

  /**
   * None is open yet.
   *
   * @param timeout how long the store is waited for: a claim that it runs later leases nothing
   */
  public ClaimLoops(JobStore store, Duration timeout, ShardLoops loops, DeliveryContext context) {
    this.store = store;
    this.timeout = timeout;
    this.loops = loops;
    this.context = context;
  }

  /**
   * Fails with {@link RedisStreamQueueException} if jobs of a queue go to Redis Streams. What the
   * store cannot say now its loops find out: a queue that is away keeps nobody from another.
   */
  Uni<Void> refuseRedisStreams(List<QueueLayout> layouts) {
    return Uni.join()
        .all(layouts.stream().map(this::refuseRedisStream).toList())
        .andFailFast()
        .replaceWithVoid();
  }

  /** All shards of a queue are delivered alike, but while that changes: the first one is asked. */
  private Uni<Void> refuseRedisStream(QueueLayout layout) {
    return store
        .claim(layout.shards().get(0), Slots.NONE)
        .map(claim -> claim.destination() == Destination.REDIS_STREAM)
        .onFailure()
        .recoverWithItem(false)
        .invoke(
            isRedisStream -> {
              if (isRedisStream) {
                throw new RedisStreamQueueException(layout.queue());
              }
            })
        .replaceWithVoid();
  }

  /** A loop for each shard of a queue, in their order; they rest. */
  List<ShardLoop> open(QueueLayout layout, Dispatcher dispatcher) {
    return layout.shards().stream().map(shard -> open(shard, dispatcher)).toList();
  }

  /**
   * Ends what is over in a queue, for a caller that takes only what is due at this moment: it would
   * be gone before a loop could. Where that fails, its claims tell why.
   */
  Uni<Void> endExpired(QueueLayout layout) {
    return ShardCalls.each(layout.shards(), shard -> store.expire(shard, JobStore.MAX_BATCH))
        .replaceWithVoid()
        .onFailure()
        .recoverWithNull();
  }

  private ShardLoop open(Shard shard, Dispatcher dispatcher) {
    StoreClock clock = new StoreClock(context.loop());
    LostClaims lostClaims = new LostClaims(shard, store, clock, timeout, context);
    WatcherOutlet outlet = new WatcherOutlet(shard, store, dispatcher, lostClaims, clock, context);
    return loops.open(shard, clock, outlet);
  }
}
