package dev.dueline.delivery.limit;

import java.util.OptionalInt;

/**
 * How many shards may be watched at one replica.
 *
 * @param shards in all
 * @param shardsPerOwner for one principal
 */
public record WatchLimits(int shards, int shardsPerOwner) {
  /** No limits. */
  public static final WatchLimits NONE = new WatchLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** Heap of a watched shard, with its timers and its subscription, is about 4 KiB. */
  private static final long HEAP_PER_SHARD = 16 << 10;

  /** Beyond it a lost announcement takes the backstop 20 minutes to notice. */
  private static final int MAX_SHARDS = 100_000;

  public WatchLimits {
    if (shards < 1 || shardsPerOwner < 1) {
      throw new IllegalArgumentException(
          "dueline.limits.watched-shards, .watched-shards-per-principal: 1 or more");
    }
  }

  /** What is not set follows from the heap: so many shards take about a quarter of it. */
  public static WatchLimits of(OptionalInt shards, OptionalInt shardsPerOwner, long heapBytes) {
    int all = shards.orElse((int) Math.min(MAX_SHARDS, Math.max(1, heapBytes / HEAP_PER_SHARD)));
    return new WatchLimits(all, shardsPerOwner.orElse(Math.max(1, all / 2)));
  }
}
