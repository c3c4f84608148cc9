package dev.dueline.store.redis.script.job;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Takes jobs back; empty: that job is over, and is to be ended first. */
public record CancelCall(Shard shard, List<CancelItem> items)
    implements ShardCall<List<Optional<Canceled>>> {
  @Override
  public Script script() {
    return Script.CANCEL;
  }

  @Override
  public void addTo(Arguments arguments) {
    items.forEach(item -> arguments.add(item.id()).add(item.cancelLeased()));
  }

  @Override
  public List<Optional<Canceled>> read(Reply reply) {
    return reply.rows(
        () -> canceled(reply.codeUnlessOver(Canceled.Outcome.values()), reply.bytes()));
  }

  private static Optional<Canceled> canceled(Optional<Canceled.Outcome> outcome, byte[] taken) {
    return outcome.map(
        each -> new Canceled(each, taken.length == 0 ? null : LeaseId.of(ByteBuffer.wrap(taken))));
  }
}
