package dev.dueline.console.live;

import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.failure.StoreRefusesException;
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
 * @param memory of the primaries; empty: they did not say
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
   */
  public record Sample(QueueView view, QueueView before, long diedLately) {
    /** How long between the two by the store's clock, ms; 0: there is one only. */
    public long spanMs() {
      return Math.max(0, nowMs(view) - nowMs(before));
    }

    private static long nowMs(QueueView view) {
      return view.shards().get(0).nowMs();
    }
  }
}
