package dev.dueline.store.coalesce;

import dev.dueline.job.Shard;
import dev.dueline.store.coalesce.Lane.Caller;
import dev.dueline.store.failure.StoreBusyException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * One verb: merges the calls of each shard. Each caller gets the answers to its own items, or the
 * failure of the call that they went out with. A call that went out is not called back, whoever
 * goes away. Thread-safe.
 */
final class Coalescer<T, R> {
  /** About what an item takes beside its content: its key, its caller, and the caller's answer. */
  private static final long ITEM_BYTES = 512;

  /** Who waits for longer behind a store that fails is told so, and need not wait for its turn. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final BiFunction<Shard, List<T>, Uni<List<R>>> call;
  private final ToLongFunction<T> contentBytes;
  private final Backlog backlog;

  private final LongSupplier nanoTime;

  /** Guarded by this; has only shards that are busy. */
  private final Map<Shard, Lane<T, R>> lanes = new HashMap<>();

  Coalescer(
      BiFunction<Shard, List<T>, Uni<List<R>>> call,
      ToLongFunction<T> contentBytes,
      Backlog backlog) {
    this(call, contentBytes, backlog, System::nanoTime);
  }

  Coalescer(
      BiFunction<Shard, List<T>, Uni<List<R>>> call,
      ToLongFunction<T> contentBytes,
      Backlog backlog,
      LongSupplier nanoTime) {
    this.call = call;
    this.contentBytes = contentBytes;
    this.backlog = backlog;
    this.nanoTime = nanoTime;
  }

  /** Answers in the order of the items. Fails with {@link StoreBusyException} without room. */
  Uni<List<R>> call(Shard shard, List<T> items) {
    long bytes = bytes(items);
    return Uni.createFrom()
        .emitter(
            answer -> {
              if (backlog.enter(bytes)) {
                enter(shard, new Caller<>(items, bytes, nanoTime.getAsLong(), answer));
              } else {
                answer.fail(new StoreBusyException("too much waits for the store"));
              }
            });
  }

  private long bytes(List<T> items) {
    long bytes = ITEM_BYTES * items.size();
    for (T item : items) {
      bytes += contentBytes.applyAsLong(item);
    }
    return bytes;
  }

  private void enter(Shard shard, Caller<T, R> caller) {
    List<Caller<T, R>> next = List.of();
    boolean isTaken;
    synchronized (this) {
      Lane<T, R> lane = lanes.computeIfAbsent(shard, busy -> new Lane<>());
      isTaken = lane.isIdle() || lane.heldBytes() + caller.bytes() <= backlog.shareBytes();
      if (isTaken) {
        lane.add(caller);
        next = lane.next();
      }
    }
    if (isTaken) {
      send(shard, next);
    } else {
      backlog.leave(caller.bytes());
      caller.answer().fail(new StoreBusyException("too much waits for " + shard));
    }
  }

  private void send(Shard shard, List<Caller<T, R>> together) {
    if (together.isEmpty()) {
      return;
    }
    Uni.createFrom()
        .deferred(() -> call.apply(shard, items(together)))
        .subscribe()
        .with(
            results -> {
              goOn(shard, together);
              answer(together, results);
            },
            failure -> {
              List<Caller<T, R>> failed = new ArrayList<>(together);
              if (failure instanceof StoreUnavailableException) {
                failed.addAll(giveUp(shard));
              }
              goOn(shard, together);
              failed.forEach(caller -> caller.answer().fail(failure));
            });
  }

  /** Those that have waited for long behind a call that failed would only wait for the next one. */
  private List<Caller<T, R>> giveUp(Shard shard) {
    List<Caller<T, R>> gone;
    synchronized (this) {
      Lane<T, R> lane = Objects.requireNonNull(lanes.get(shard));
      gone = lane.leave(nanoTime.getAsLong() - TIMEOUT.toNanos());
    }
    gone.forEach(caller -> backlog.leave(caller.bytes()));
    return gone;
  }

  /** First the store has work again, then the callers have their answers. */
  private void goOn(Shard shard, List<Caller<T, R>> done) {
    done.forEach(caller -> backlog.leave(caller.bytes()));
    List<Caller<T, R>> next;
    synchronized (this) {
      Lane<T, R> lane = Objects.requireNonNull(lanes.get(shard));
      lane.done(done);
      next = lane.next();
      if (lane.isIdle()) {
        lanes.remove(shard);
      }
    }
    send(shard, next);
  }

  private static <T, R> List<T> items(List<Caller<T, R>> together) {
    if (together.size() == 1) {
      return together.get(0).items();
    }
    List<T> items = new ArrayList<>();
    together.forEach(caller -> items.addAll(caller.items()));
    return items;
  }

  private static <T, R> void answer(List<Caller<T, R>> together, List<R> results) {
    int from = 0;
    for (Caller<T, R> caller : together) {
      int to = from + caller.items().size();
      if (to > results.size()) {
        caller.answer().fail(new StoreReplyException("a reply for " + results.size(), null));
      } else {
        caller.answer().complete(results.subList(from, to));
      }
      from = to;
    }
  }

  /**
   * How much may wait for the store at once, answers included, in all shards together and for all
   * verbs that share it. Any thread.
   */
  static final class Backlog {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    Backlog(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    /** What one lane may hold of it, so that a shard that is stuck leaves room for the others. */
    private long shareBytes() {
      return maxBytes / 4;
    }

    /** Takes room. False: there is none, and none was taken. */
    private boolean enter(long more) {
      if (bytes.addAndGet(more) <= maxBytes) {
        return true;
      }
      bytes.addAndGet(-more);
      return false;
    }

    /** Gives room back. */
    private void leave(long less) {
      bytes.addAndGet(-less);
    }
  }
}
