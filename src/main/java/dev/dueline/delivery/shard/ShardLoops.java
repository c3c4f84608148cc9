package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Expirer;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;

/** Opens the loops of shards, with the sweeper that all loops of this replica share. */
public final class ShardLoops {
  private final JobStore store;
  private final Announcements announcements;
  private final Holders holders;
  private final Sweeper sweeper;
  private final DeliveryContext context;

  /** None is open yet. */
  public ShardLoops(
      JobStore store, Announcements announcements, Holders holders, DeliveryContext context) {
    this.store = store;
    this.announcements = announcements;
    this.holders = holders;
    this.sweeper = new Sweeper(store, context);
    this.context = context;
  }

  /** Opens a loop, which rests but listens already. */
  public ShardLoop open(Shard shard, StoreClock clock, Outlet<?> outlet) {
    Expirer expirer = new Expirer(shard, store, holders, clock, context);
    ShardLoop loop = new ShardLoop(shard, outlet, clock, expirer, sweeper, context);
    loop.listen(announcements);
    return loop;
  }
}
