package dev.dueline.store.coalesce;

import dev.dueline.store.JobStore;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The calls of one verb on one shard, in order. Not thread-safe. */
final class Lane<T, R> {
  /** Most bytes in one call, unless one caller alone has more: some milliseconds of the network. */
  static final long MAX_CALL_BYTES = 1 << 20;

  /** One that the store works on, and one that it finds when it is done. */
  static final int MAX_UNDER_WAY = 2;

  /**
   * So many go out beside the call under way: a larger batch would save less than the wait costs.
   */
  static final int MANY_ITEMS = 32;

  private final Deque<Caller<T, R>> waiting = new ArrayDeque<>();
  private int waitingItems;
  private long waitingBytes;
  private long heldBytes;
  private int underWay;

  /**
   * One who waits for an answer.
   *
   * @param sinceNanos when it came
   */
  record Caller<T, R>(
      List<T> items, long bytes, long sinceNanos, UniEmitter<? super List<R>> answer) {}

  /** Bytes of all calls that are waiting or under way. */
  long heldBytes() {
    return heldBytes;
  }

  boolean isIdle() {
    return underWay == 0 && waiting.isEmpty();
  }

  void add(Caller<T, R> caller) {
    waiting.add(caller);
    waitingItems += caller.items.size();
    waitingBytes += caller.bytes;
    heldBytes += caller.bytes;
  }

  /** Those whose call goes out now; empty: waiting is better. */
  List<Caller<T, R>> next() {
    boolean isWorthwhile = waitingItems >= MANY_ITEMS || waitingBytes >= MAX_CALL_BYTES;
    if (waiting.isEmpty() || underWay >= (isWorthwhile ? MAX_UNDER_WAY : 1)) {
      return List.of();
    }
    List<Caller<T, R>> together = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    for (Caller<T, R> each = waiting.peek(); each != null; each = waiting.peek()) {
      items += each.items.size();
      bytes += each.bytes;
      if (!together.isEmpty() && (items > JobStore.MAX_BATCH || bytes > MAX_CALL_BYTES)) {
        break;
      }
      together.add(take());
    }
    underWay++;
    return together;
  }

  /** Those that wait since before a time; they wait no longer. */
  List<Caller<T, R>> leave(long nanos) {
    List<Caller<T, R>> gone = new ArrayList<>();
    for (Caller<T, R> each = waiting.peek(); each != null; each = waiting.peek()) {
      if (each.sinceNanos - nanos > 0) {
        break;
      }
      gone.add(take());
      heldBytes -= each.bytes;
    }
    return gone;
  }

  private Caller<T, R> take() {
    Caller<T, R> taken = waiting.remove();
    waitingItems -= taken.items.size();
    waitingBytes -= taken.bytes;
    return taken;
  }

  /** A call is over. */
  void done(List<Caller<T, R>> together) {
    underWay--;
    together.forEach(caller -> heldBytes -= caller.bytes);
  }
}
