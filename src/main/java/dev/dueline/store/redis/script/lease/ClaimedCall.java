package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Shard;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Finds leases that certain claims gave, but for those of ids that nobody can read.
 *
 * @param before rank to stop before; {@link ClaimedLeases#BEGIN} begins
 * @param most leases to look at
 * @param nonces 8 bytes each
 */
public record ClaimedCall(Shard shard, long before, int most, List<byte[]> nonces)
    implements ShardCall<ClaimedLeases> {
  @Override
  public Script script() {
    return Script.CLAIMED;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(before).add(most);
    nonces.forEach(arguments::add);
  }

  @Override
  public ClaimedLeases read(Reply reply) {
    long next = reply.number();
    return new ClaimedLeases(reply.nowUs(), next, reply.readableRows(reply::leaseIfReadable));
  }
}
