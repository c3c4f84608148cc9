package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Ends runs of jobs that recur, and sets their next ones.
 *
 * @param maxDead dead jobs to keep
 * @param maxDeadAgeMs how long to keep them
 */
public record RenewCall(Shard shard, int maxDead, long maxDeadAgeMs, List<Item> items)
    implements ShardCall<List<Boolean>> {
  /**
   * One run.
   *
   * @param isCounted whether the delivery is a failed attempt
   * @param reason kept with the job; empty: the last one stays
   */
  public record Item(LeaseRef lease, RunOutcome outcome, boolean isCounted, String reason) {}

  @Override
  public Script script() {
    return Script.RENEW;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(maxDead).add(maxDeadAgeMs);
    for (Item item : items) {
      item.outcome.addTo(arguments.add(item.lease));
      arguments.add(item.isCounted).add(item.reason);
    }
  }

  /** Whether each run was ended; false: its lease is lost. */
  @Override
  public List<Boolean> read(Reply reply) {
    return reply.rows(reply::flag);
  }
}
