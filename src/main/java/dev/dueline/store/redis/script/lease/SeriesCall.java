package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/** Reads the jobs of leases whose runs are over; a lost one as a job of which nothing is known. */
public record SeriesCall(Shard shard, List<LeaseRef> leases) implements ShardCall<SeriesCall.Read> {
  @Override
  public Script script() {
    return Script.SERIES;
  }

  @Override
  public void addTo(Arguments arguments) {
    leases.forEach(arguments::add);
  }

  /** The jobs, without their payloads, and the store's clock. */
  public record Read(long nowMs, List<StoredJob> jobs) {}

  @Override
  public Read read(Reply reply) {
    List<StoredJob> jobs =
        leases.stream().map(lease -> RecordCodec.decode(lease.id(), reply.bytes())).toList();
    return new Read(reply.nowMs(), jobs);
  }
}
