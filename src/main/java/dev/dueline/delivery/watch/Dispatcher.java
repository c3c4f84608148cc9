package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.WakeSource;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.due.Slots;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The credit of all watchers of this replica: who gets the next job, and which shards wait for
 * someone to take theirs.
 *
 * <pre>
 *   a shard has due jobs ──▶ reserve ──claim──▶ settle ──▶ Watcher.accept
 *                               │ none left                    │ ended, ready, claim over
 *                               ▼                              ▼
 *                          shard waits ◀──────wake────────── offer
 * </pre>
 */
final class Dispatcher {
  private final long replica;
  private final Map<QueueName, OpenQueue> queues = new HashMap<>();
  private Consumer<QueueName> onStale = queue -> {};

  Dispatcher(long replica) {
    this.replica = replica;
  }

  /** Calls back when a queue turns out to have other shards than it was opened with. */
  void onStale(Consumer<QueueName> callback) {
    onStale = callback;
  }

  /** A shard of a queue is not what it was. */
  void stale(QueueName name) {
    onStale.accept(name);
  }

  /** Who takes jobs of one queue, and who asks the store for them. */
  private static final class OpenQueue {
    /** By the index of the shard. */
    private final List<ShardLoop> loops;

    /** The shards that have nobody to claim for. */
    private final BitSet waiting = new BitSet();

    private final List<Watcher> watchers = new ArrayList<>();
    private int nextWatcher;
    private int nextLoop;

    OpenQueue(List<ShardLoop> loops) {
      this.loops = loops;
    }

    boolean hasDueJobs() {
      return loops.stream().anyMatch(ShardLoop::hasDueJobs);
    }

    /** Wakes the shards that wait for credit, from the one after the one that came last. */
    void wakeWaiting() {
      nextLoop = (nextLoop + 1) % loops.size();
      for (int i = 0; i < loops.size(); i++) {
        int index = (nextLoop + i) % loops.size();
        if (waiting.get(index)) {
          loops.get(index).wake(WakeSource.CREDIT);
        }
      }
    }
  }

  /** The shards of a queue can be claimed from, all of them in their order. */
  void open(QueueName name, List<ShardLoop> loops) {
    queues.put(name, new OpenQueue(loops));
  }

  /** An open queue has these shards from now on. */
  void reopen(QueueName name, List<ShardLoop> loops) {
    OpenQueue queue = new OpenQueue(loops);
    queue.watchers.addAll(queue(name).watchers);
    queues.put(name, queue);
    if (!queue.watchers.isEmpty()) {
      resume(queue);
    }
  }

  private static void resume(OpenQueue queue) {
    queue.loops.forEach(ShardLoop::resume);
    queue.loops.forEach(loop -> loop.wake(WakeSource.CREDIT));
  }

  /** A queue has no watchers, and will have none. */
  void close(QueueName name) {
    queues.remove(name);
  }

  /** A watcher takes jobs of its queues, which are open. */
  void add(Watcher watcher) {
    for (QueueName name : watcher.queues()) {
      OpenQueue queue = queue(name);
      queue.watchers.add(watcher);
      resume(queue);
    }
  }

  /** A watcher takes no more jobs. */
  void remove(Watcher watcher) {
    for (QueueName name : watcher.queues()) {
      OpenQueue queue = queues.get(name);
      if (queue == null || !queue.watchers.remove(watcher)) {
        // It has gone before it took any.
        continue;
      }
      if (queue.watchers.isEmpty()) {
        queue.waiting.clear();
        queue.loops.forEach(ShardLoop::rest);
      } else {
        // Only silent ones may be left, which can have a job now.
        queue.wakeWaiting();
      }
    }
  }

  /** Those of a queue; none if it is not open, or no longer. */
  List<Watcher> watchers(QueueName name) {
    OpenQueue queue = queues.get(name);
    return queue == null ? List.of() : List.copyOf(queue.watchers);
  }

  List<ShardLoop> loops(QueueName name) {
    return queue(name).loops;
  }

  /**
   * Sets credit aside for a claim: one slot a watcher, round after round, from the watcher after
   * the one that had the last job. Those that let leases run out lately have what the others leave,
   * so that such a job, which is due the longest, goes to another; those that are silent since are
   * passed over, unless all are and the shard has jobs. A watcher for which an earlier queue has
   * due jobs is passed over.
   *
   * @param max slots
   * @param isLook whether the shard asks even if it gets no slot; else it is woken once it would
   *     get one. Looks get none of silent watchers: it may be another shard that has jobs
   */
  Reservation reserve(Shard shard, int max, boolean isLook) {
    OpenQueue queue = queue(shard.queue());
    List<Watcher> able = able(shard.queue(), queue, max, isLook);
    List<Integer> order = rounds(able, Watcher::isReliable, max);
    order.addAll(rounds(able, watcher -> !watcher.isReliable(), max - order.size()));
    queue.waiting.set(shard.index(), order.isEmpty() && !isLook);
    return reservation(queue, able, order);
  }

  /** Whether a shard had no slot when it asked last, and waits for credit. */
  boolean isWaiting(Shard shard) {
    return queues.containsKey(shard.queue()) && queue(shard.queue()).waiting.get(shard.index());
  }

  /** Of those that have a slot alone: a claim can name no more of them than it has slots. */
  private Reservation reservation(OpenQueue queue, List<Watcher> able, List<Integer> order) {
    List<Integer> used = order.stream().distinct().toList();
    List<Watcher> watchers = used.stream().map(able::get).toList();
    return new Reservation(queue, watchers, order.stream().map(used::indexOf).toList());
  }

  /** Those that take a job, up to so many that are reliable. */
  private List<Watcher> able(QueueName name, OpenQueue queue, int max, boolean isLook) {
    List<Watcher> able = new ArrayList<>();
    boolean mayBeSilent =
        !isLook && queue.watchers.stream().allMatch(each -> each.isSilent() || each.isDraining());
    int all = queue.watchers.size();
    for (int i = 0, reliable = 0; i < all && reliable < max; i++) {
      Watcher watcher = queue.watchers.get((queue.nextWatcher + i) % all);
      boolean isPassedOver = watcher.isSilent() && !mayBeSilent;
      if (!isPassedOver && watcher.credit() > 0 && !prefersAnother(watcher, name)) {
        able.add(watcher);
        reliable += watcher.isReliable() ? 1 : 0;
      }
    }
    return able;
  }

  /** For each slot the index of its watcher, which is one of some. */
  private static List<Integer> rounds(List<Watcher> able, Predicate<Watcher> some, int max) {
    List<Integer> credits =
        able.stream().map(watcher -> some.test(watcher) ? watcher.credit() : 0).toList();
    List<Integer> order = new ArrayList<>();
    for (int round = 0, added = -1; added != 0 && order.size() < max; round++) {
      added = 0;
      for (int i = 0; i < able.size() && order.size() < max; i++) {
        if (credits.get(i) > round) {
          order.add(i);
          added++;
        }
      }
    }
    return order;
  }

  private boolean prefersAnother(Watcher watcher, QueueName name) {
    return watcher.queues().stream()
        .takeWhile(earlier -> !earlier.equals(name))
        .anyMatch(earlier -> queue(earlier).hasDueJobs());
  }

  /** Credit that is set aside for a claim under way, so that no other claim counts on it. */
  final class Reservation {
    private final OpenQueue queue;
    private final List<Watcher> watchers;
    private final List<Integer> order;

    private Reservation(OpenQueue queue, List<Watcher> watchers, List<Integer> order) {
      this.queue = queue;
      this.watchers = watchers;
      this.order = order;
      order.forEach(index -> watchers.get(index).reserve());
    }

    boolean isEmpty() {
      return order.isEmpty();
    }

    Slots slots(long nonce, long deadlineMs) {
      List<Slots.Holder> holders =
          watchers.stream()
              .map(each -> new Slots.Holder(replica, each.number(), each.spec().leaseMs()))
              .toList();
      // Silent ones ask only where all of the replica are, and leave to others what they may want.
      boolean isProbe = watchers.stream().anyMatch(Watcher::isSilent);
      long overdueMs = isProbe ? CreditWindow.OVERDUE.toMillis() : 0;
      return new Slots(holders, order, nonce, deadlineMs, overdueMs);
    }

    /**
     * Gives each job to its watcher, and the credit back, one after the other, also if one throws:
     * what is left of the first may have other shards claim at once, with all credit there is.
     */
    void settle(List<Delivery> deliveries, StoreClock clock) {
      Map<Integer, List<Delivery>> shares = Delivery.byWatcher(deliveries);
      if (!deliveries.isEmpty()) {
        Watcher last = watchers.get(order.get(deliveries.size() - 1));
        queue.nextWatcher = queue.watchers.indexOf(last) + 1;
      }
      RuntimeException failure = null;
      for (int index = 0; index < watchers.size(); index++) {
        Watcher watcher = watchers.get(index);
        watcher.unreserve(Collections.frequency(order, index));
        try {
          watcher.accept(shares.getOrDefault(watcher.number(), List.of()), clock);
        } catch (RuntimeException e) {
          failure = e;
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * A watcher may have credit again: wakes the shards that wait, those of an earlier queue first.
   */
  void offer(Watcher watcher) {
    for (QueueName name : watcher.queues()) {
      if (watcher.credit() == 0) {
        return;
      }
      queue(name).wakeWaiting();
    }
  }

  /** A claim is over: its watchers may have credit for other shards and queues. */
  void offerRest(QueueName name, Reservation settled) {
    settled.watchers.forEach(this::offer);
    OpenQueue queue = queues.get(name);
    if (queue != null && !queue.hasDueJobs()) {
      // Nobody is kept from a later queue by this one any longer.
      List.copyOf(queue.watchers).stream()
          .filter(watcher -> watcher.queues().size() > 1)
          .forEach(this::offer);
    }
  }

  private OpenQueue queue(QueueName name) {
    OpenQueue queue = queues.get(name);
    if (queue == null) {
      throw new IllegalStateException("a queue that is not open: " + name);
    }
    return queue;
  }
}
