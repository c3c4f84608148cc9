package dev.dueline.store.redis.script.lease;

import dev.dueline.job.LeaseRef;
import dev.dueline.job.Shard;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/** Lists leases that ran out. */
public record ExpiredCall(Shard shard, int most) implements ShardCall<ExpiredLeases> {
  @Override
  public Script script() {
    return Script.EXPIRED;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(most);
  }

  @Override
  public ExpiredLeases read(Reply reply) {
    long nextExpiry = reply.timeMs();
    return new ExpiredLeases(
        reply.nowUs(),
        nextExpiry,
        reply.rows(() -> job(reply.lease(), (int) reply.number(), reply.bytes())));
  }

  private static LeasedJob job(LeaseRef lease, int failed, byte[] record) {
    return new LeasedJob(
        lease, failed, RecordCodec.decode(lease.id(), record).effectiveRetryPolicy());
  }
}
