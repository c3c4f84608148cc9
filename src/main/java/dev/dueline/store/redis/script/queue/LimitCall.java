package dev.dueline.store.redis.script.queue;

import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.stream.Collectors;

/**
 * Sets limits of a shard.
 *
 * @param parts the fields of those to set
 * @param limits of the whole queue
 * @param rate deliveries a second of this shard; 0: no limit
 * @param outstanding leases out; 0: no limit
 * @param capacity pending jobs; 0: no limit
 */
public record LimitCall(
    Shard shard, String parts, String limits, double rate, int outstanding, long capacity)
    implements ShardCall<Long> {
  /** A call that sets limits of the whole queue, for people, and the share of one shard. */
  public static LimitCall of(Shard shard, Change whole, QueueLimits share) {
    return new LimitCall(
        shard,
        whole.parts().stream().map(LimitCall::field).collect(Collectors.joining(" ")),
        text(whole.limits()),
        share.dispatchesPerSecond(),
        share.maxOutstanding(),
        share.maxPending());
  }

  private static String text(QueueLimits limits) {
    return limits.dispatchesPerSecond() + " " + limits.maxOutstanding() + " " + limits.maxPending();
  }

  private static String field(QueueLimits.Part part) {
    return switch (part) {
      case RATE -> "rate";
      case OUTSTANDING -> "outstanding";
      case PENDING -> "capacity";
    };
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
    arguments.add(parts).add(limits).add(rate).add(outstanding).add(capacity);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
