package dev.dueline.store.redis.script.job;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.layout.RequestIdCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Takes jobs back; empty: that job is over, and is to be ended first.
 *
 * @param windowMs for which a request is known by its id
 */
public record CancelCall(Shard shard, long windowMs, List<Item> items)
    implements ShardCall<List<Optional<Canceled>>> {
  /**
   * One job.
   *
   * @param requestId as {@link RequestIdCodec#encode(CancelItem)} gives it
   */
  public record Item(JobId id, boolean cancelLeased, byte[] requestId) {
    /** The same as the store is asked for it. */
    public static Item of(CancelItem item) {
      return new Item(item.id(), item.cancelLeased(), RequestIdCodec.encode(item));
    }
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withRequests(
        shard, items.stream().anyMatch(item -> item.requestId.length > 0));
  }

  @Override
  public Script script() {
    return Script.CANCEL;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(windowMs);
    items.forEach(item -> arguments.add(item.id).add(item.cancelLeased).add(item.requestId));
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
