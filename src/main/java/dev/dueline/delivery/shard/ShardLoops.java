package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Expirer;
import dev.dueline.delivery.time.Rotation;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;

/** Opens the loops of shards, with what all loops of this replica share. */
public final class ShardLoops {
  private final JobStore store;
  private final Announcements announcements;
  private final ShardLoop.Upkeep upkeep;
  private final Heartbeat heartbeat;
  private final DeliveryContext context;
  private Runnable onStep = () -> {};

  /**
   * None is open yet.
   *
   * @param backstops calls a second, for all loops, that nothing was announced for
   */
  public ShardLoops(
      JobStore store, Announcements announcements, int backstops, DeliveryContext context) {
    this.store = store;
    this.announcements = announcements;
    this.context = context;
    Rotation<ShardLoop> backstop = new Rotation<>(context.loop(), backstops, ShardLoop::look);
    this.upkeep =
        new ShardLoop.Upkeep(
            new Sweeper(store, context), new QuietShards(context.loop()), backstop);
    this.heartbeat =
        new Heartbeat(
            announcements,
            context,
            () -> {
              backstop.members().forEach(ShardLoop::suspect);
              onStep.run();
            });
  }

  /** Told when a clock of the store has stepped, on the loop. To be set before it begins. */
  public void onStep(Runnable told) {
    onStep = told;
  }

  /** Sees from now on to what all loops rely on. Any thread. */
  public void begin() {
    context.loop().execute(heartbeat::beat);
  }

  /** Where no other look is needed for a while. */
  public QuietShards quiet() {
    return upkeep.quiet();
  }

  /** Opens a loop, which rests but listens already. */
  public ShardLoop open(Shard shard, StoreClock clock, Outlet<?> outlet) {
    Expirer expirer = new Expirer(shard, store, clock, context);
    ShardLoop loop = new ShardLoop(shard, outlet, clock, expirer, upkeep, context);
    loop.listen(announcements);
    return loop;
  }
}
