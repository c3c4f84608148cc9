package dev.dueline.delivery.shard;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.Shard;
import dev.dueline.store.due.DueReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The shards whose loops here have just heard that time has ended nothing there: the loop itself
 * ends what is next, so nobody else need look. On the loop.
 */
public final class QuietShards {
  /** What a loop heard holds for so long. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final EventLoop loop;

  /** When the loop of each heard that, by the loop's clock. */
  private final Map<Shard, Long> heard = new HashMap<>();

  QuietShards(EventLoop loop) {
    this.loop = loop;
  }

  /** Whether its loop has heard so within the last minute, and goes on. */
  public boolean contains(Shard shard) {
    Long nanos = heard.get(shard);
    return nanos != null && loop.nanoTime() - nanos < RECENT.toNanos();
  }

  /** The loop of a shard was answered. */
  void answered(Shard shard, DueReply reply) {
    if (reply.mayHoldDead() || reply.nextExpiryMs() <= reply.nowUs() / 1_000) {
      heard.remove(shard);
    } else {
      heard.put(shard, loop.nanoTime());
    }
  }

  /** The loop of a shard asks no longer, or cannot. */
  void remove(Shard shard) {
    heard.remove(shard);
  }
}
