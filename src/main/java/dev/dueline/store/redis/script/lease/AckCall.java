package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/** Removes jobs that are done, but for those that recur. */
public record AckCall(Shard shard, List<LeaseRef> leases) implements ShardCall<List<LeaseReply>> {
  @Override
  public Script script() {
    return Script.ACK;
  }

  @Override
  public void addTo(Arguments arguments) {
    leases.forEach(arguments::add);
  }

  @Override
  public List<LeaseReply> read(Reply reply) {
    return leases.stream()
        .map(lease -> LeaseReply.read(reply, lease, RunEnd.COMPLETED, false, ""))
        .toList();
  }
}
