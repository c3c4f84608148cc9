package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Counts what a shard holds, and what went through it.
 *
 * @param maxDeadAgeMs how long dead jobs are kept
 */
public record StatsCall(Shard shard, long maxDeadAgeMs) implements ShardCall<StatsCall.Counted> {
  /**
   * How a shard stands.
   *
   * @param over leases, waits and dead jobs that are over, but were not ended yet
   */
  public record Counted(long over, ShardStats stats) {}

  @Override
  public Script script() {
    return Script.STATS;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(maxDeadAgeMs);
  }

  @Override
  public Counted read(Reply reply) {
    return new Counted(reply.number(), stats(reply));
  }

  private static ShardStats stats(Reply reply) {
    return new ShardStats(
        reply.nowMs(),
        reply.flag(),
        LimitCall.limits(reply.text()),
        reply.number(),
        reply.number(),
        reply.number(),
        reply.number(),
        reply.timeMs(),
        totals(reply),
        (int) reply.number(),
        DeliverCall.target(reply.text()),
        reply.number());
  }

  private static ShardStats.Totals totals(Reply reply) {
    return new ShardStats.Totals(
        reply.number(),
        reply.number(),
        reply.number(),
        reply.number(),
        reply.number(),
        reply.number(),
        reply.number());
  }
}
