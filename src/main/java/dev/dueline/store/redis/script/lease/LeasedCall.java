package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;
import java.util.Optional;

/** Reads the jobs of leases. */
public record LeasedCall(Shard shard, List<LeaseRef> leases)
    implements ShardCall<List<Optional<LeasedJob>>> {
  @Override
  public Script script() {
    return Script.LEASED;
  }

  @Override
  public void addTo(Arguments arguments) {
    leases.forEach(arguments::add);
  }

  @Override
  public List<Optional<LeasedJob>> read(Reply reply) {
    return leases.stream().map(lease -> job(lease, (int) reply.number(), reply.bytes())).toList();
  }

  private static Optional<LeasedJob> job(LeaseRef lease, int failed, byte[] record) {
    return failed < 0
        ? Optional.empty()
        : Optional.of(
            new LeasedJob(
                lease, failed, RecordCodec.decode(lease.id(), record).effectiveRetryPolicy()));
  }
}
