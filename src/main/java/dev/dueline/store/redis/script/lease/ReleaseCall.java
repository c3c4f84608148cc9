package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Coded;
import dev.dueline.job.Due;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.due.Release;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Ends leases without an Ack.
 *
 * @param includingExpired whether a lease that ran out can be released
 * @param maxDead dead jobs to keep
 * @param maxDeadAgeMs how long to keep them
 */
public record ReleaseCall(
    Shard shard, boolean includingExpired, int maxDead, long maxDeadAgeMs, List<Item> items)
    implements ShardCall<List<LeaseReply>> {
  /**
   * One lease.
   *
   * @param ms due time, or from now; 0 where the target needs none
   */
  public record Item(LeaseRef lease, Target target, long ms, boolean isCounted, String reason) {
    /** A run that is over is given up: dead, or too late before anybody had it. */
    private LeaseReply read(Reply reply) {
      return lease.leaseId().isNobodys()
          ? LeaseReply.read(reply, lease, RunEnd.EXPIRED, false, "")
          : LeaseReply.read(reply, lease, RunEnd.DIED, isCounted, reason);
    }
  }

  /** Where the job goes. */
  public enum Target implements Coded {
    AT(1),
    AFTER(2),
    AS_IT_WAS(3),
    DEAD(4);

    private final int code;

    Target(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What a release asks for. */
  public static Item item(Release release) {
    Due due = release.target() instanceof Release.Target.DueAgain again ? again.due() : null;
    Target target =
        release.target() instanceof Release.Target.Dead ? Target.DEAD : Target.AS_IT_WAS;
    if (due != null) {
      target = due instanceof Due.After ? Target.AFTER : Target.AT;
    }
    return new Item(
        release.lease(), target, due == null ? 0 : due.ms(), release.isCounted(), release.reason());
  }

  @Override
  public Script script() {
    return Script.RELEASE;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(includingExpired).add(maxDead).add(maxDeadAgeMs);
    for (Item item : items) {
      arguments.add(item.lease).add(item.target).add(item.ms);
      arguments.add(item.isCounted).add(item.reason);
    }
  }

  @Override
  public List<LeaseReply> read(Reply reply) {
    return items.stream().map(item -> item.read(reply)).toList();
  }
}
