package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.store.call.Extension;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/** Makes leases end later, never earlier. */
public record ExtendCall(Shard shard, List<Extension> extensions) implements ShardCall<List<Long>> {
  @Override
  public Script script() {
    return Script.EXTEND;
  }

  @Override
  public void addTo(Arguments arguments) {
    extensions.forEach(each -> arguments.add(each.lease()).add(each.leaseMs()));
  }

  /** Expiry times, ms; 0: lost. */
  @Override
  public List<Long> read(Reply reply) {
    return reply.rows(reply::number);
  }
}
