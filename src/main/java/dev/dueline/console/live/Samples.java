package dev.dueline.console.live;

import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * All queues as they stood in one round. Immutable.
 *
 * @param atMs when the round ended
 * @param queues by name
 * @param unreadable those that could not be looked at
 * @param isPartial whether there are more, which are not sampled, or not yet
 * @param memory of the primaries that said it
 * @param failing how the rounds after it fail; null: none did
 */
public record Samples(
    long atMs,
    SortedMap<String, Sample> queues,
    SortedSet<String> unreadable,
    boolean isPartial,
    List<ReplicaFacts.Memory> memory,
    @Nullable Failing failing) {

  /**
   * Rounds that failed one after the other, and all in the same way.
   *
   * @param sinceMs when the first of them did
   * @param isRefusal whether the store refuses this service, rather than not answering
   */
  public record Failing(long sinceMs, boolean isRefusal) {}

  /** The same, after a round that failed. */
  Samples failed(long nowMs, Throwable failure) {
    boolean isRefusal = failure instanceof StoreRefusesException;
    return failing != null && failing.isRefusal == isRefusal
        ? this
        : new Samples(atMs, queues, unreadable, isPartial, memory, new Failing(nowMs, isRefusal));
  }

  /**
   * A queue.
   *
   * @param view as it stood
   * @param before how it stood a round earlier; itself where it was not looked at then
   * @param diedLately jobs that died in the last minutes, as far as somebody looked
   * @param stillSinceMs the first look since which nothing was delivered, by the store's clock
   */
  public record Sample(QueueView view, QueueView before, long diedLately, long stillSinceMs) {
    /** A queue that nobody looked at before. */
    public static Sample first(QueueView view, long diedLately) {
      return new Sample(view, view, diedLately, nowMs(view));
    }

    /** The queue a round later. */
    Sample next(QueueView later, long died) {
      return new Sample(later, view, died, stillSinceMs(later));
    }

    /** The queue as it stands now, between two rounds. */
    public Sample now(QueueView later) {
      return new Sample(later, before, diedLately, stillSinceMs(later));
    }

    private long stillSinceMs(QueueView later) {
      boolean isStill = later.total(Totals::dispatched) == view.total(Totals::dispatched);
      return isStill ? stillSinceMs : nowMs(later);
    }

    /** For how long nothing has been delivered, as far as somebody looked, ms. */
    public long stillMs() {
      return Math.max(0, nowMs(view) - stillSinceMs);
    }

    /** How long between the two by the store's clock, ms; 0: there is one only. */
    public long spanMs() {
      return Math.max(0, nowMs(view) - nowMs(before));
    }

    private static long nowMs(QueueView view) {
      return view.shards().get(0).nowMs();
    }
  }
}
