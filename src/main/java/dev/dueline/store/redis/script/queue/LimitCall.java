package dev.dueline.store.redis.script.queue;

import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Sets the limits of a shard.
 *
 * @param limits of the whole queue
 * @param rate deliveries a second of this shard; 0: no limit
 * @param outstanding leases out; 0: no limit
 * @param capacity pending jobs; 0: no limit
 */
public record LimitCall(Shard shard, String limits, double rate, int outstanding, long capacity)
    implements ShardCall<Long> {
  /** A call that sets the limits of the whole queue, for people, and the share of one shard. */
  public static LimitCall of(Shard shard, QueueLimits whole, QueueLimits share) {
    return new LimitCall(
        shard,
        text(whole),
        share.dispatchesPerSecond(),
        share.maxOutstanding(),
        share.maxPending());
  }

  private static String text(QueueLimits limits) {
    return limits.equals(QueueLimits.NONE)
        ? ""
        : limits.dispatchesPerSecond() + " " + limits.maxOutstanding() + " " + limits.maxPending();
  }

  /** What the text of {@code limits} says. */
  static QueueLimits limits(String text) {
    if (text.isEmpty()) {
      return QueueLimits.NONE;
    }
    String[] parts = text.split(" ", -1);
    return new QueueLimits(
        Double.parseDouble(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  @Override
  public Script script() {
    return Script.LIMIT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(limits).add(rate).add(outstanding).add(capacity);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
