package dev.dueline.delivery.limit;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueLayout;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts the shards that are watched at this replica, in all and for each owner. A queue counts for
 * each owner that holds it, however often. One that nobody holds any longer lingers, and counts for
 * its last owner; it refuses nobody: where there is no room, the queues that linger longest give
 * way, those of the owner who wants more first.
 */
public final class WatchedShards {
  private final WatchLimits limits;
  private final Consumer<QueueName> giveWay;
  private final Map<QueueName, Entry> entries = new HashMap<>();
  private final Map<Long, Account> owners = new HashMap<>();
  private final Account all = new Account();

  /**
   * None yet.
   *
   * @param giveWay called with a lingering queue that is not to be watched any longer, which is
   *     forgotten by then
   */
  public WatchedShards(WatchLimits limits, Consumer<QueueName> giveWay) {
    this.limits = limits;
    this.giveWay = giveWay;
  }

  /** A queue that is watched. */
  private static final class Entry {
    private final QueueName queue;

    /** How often each owner holds it. */
    private final Map<Long, Integer> holders = new HashMap<>();

    private int shards;
    private long lastOwner;

    Entry(QueueLayout layout) {
      this.queue = layout.queue();
      this.shards = layout.shardCount();
    }
  }

  /** What one owner has, or all have. */
  private static final class Account {
    /** The longest first. */
    private final Set<Entry> lingering = new LinkedHashSet<>();

    private int held;
    private int idle;

    void hold(Entry entry) {
      held += entry.shards;
    }

    void release(Entry entry) {
      held -= entry.shards;
    }

    void linger(Entry entry) {
      lingering.add(entry);
      idle += entry.shards;
    }

    void takeUp(Entry entry) {
      lingering.remove(entry);
      idle -= entry.shards;
    }

    boolean isEmpty() {
      return held == 0 && lingering.isEmpty();
    }
  }

  /** Fails with {@link TooManyShardsException} where {@link #hold} would now. */
  public void check(long owner, List<QueueLayout> layouts) {
    long ofAll = all.held;
    long ofOwner = owners.containsKey(owner) ? account(owner).held : 0;
    for (QueueLayout layout : layouts) {
      Entry entry = entries.get(layout.queue());
      Map<Long, Integer> holders = entry == null ? Map.of() : entry.holders;
      ofAll += holders.isEmpty() ? layout.shardCount() : 0;
      ofOwner += holders.containsKey(owner) ? 0 : layout.shardCount();
    }
    if (ofOwner > limits.shardsPerOwner()) {
      throw new TooManyShardsException(true, limits.shardsPerOwner());
    }
    if (ofAll > limits.shards()) {
      throw new TooManyShardsException(false, limits.shards());
    }
  }

  /**
   * A watch of these queues begins. Fails with {@link TooManyShardsException}, and holds none of
   * them, if they are too many beside what is held.
   */
  public void hold(long owner, List<QueueLayout> layouts) {
    check(owner, layouts);
    layouts.forEach(layout -> hold(owner, layout));
    Account account = account(owner);
    while (account.held + account.idle > limits.shardsPerOwner() && evict(account)) {
      // The next one.
    }
    while (all.held + all.idle > limits.shards() && evict(all)) {
      // The next one.
    }
  }

  private void hold(long owner, QueueLayout layout) {
    Entry entry = entries.computeIfAbsent(layout.queue(), name -> new Entry(layout));
    has(layout);
    if (entry.holders.isEmpty()) {
      takeUp(entry);
      all.hold(entry);
    }
    if (entry.holders.merge(owner, 1, Integer::sum) == 1) {
      account(owner).hold(entry);
    }
  }

  /** A watch that was held ends. */
  public void release(long owner, List<QueueName> queues) {
    queues.forEach(queue -> release(owner, entry(queue)));
    forgetIfEmpty(owner);
  }

  private void release(long owner, Entry entry) {
    if (entry.holders.merge(owner, -1, Integer::sum) > 0) {
      return;
    }
    entry.holders.remove(owner);
    account(owner).release(entry);
    if (entry.holders.isEmpty()) {
      all.release(entry);
      all.linger(entry);
      account(owner).linger(entry);
      entry.lastOwner = owner;
    }
  }

  /** Whether a watch of the queue is under way. */
  public boolean isHeld(QueueName queue) {
    Entry entry = entries.get(queue);
    return entry != null && !entry.holders.isEmpty();
  }

  /** A queue has this layout, which may be another than before, whatever the limits are. */
  public void has(QueueLayout layout) {
    Entry entry = entries.get(layout.queue());
    if (entry != null && entry.shards != layout.shardCount()) {
      int more = layout.shardCount() - entry.shards;
      entry.shards = layout.shardCount();
      if (all.lingering.contains(entry)) {
        all.idle += more;
        account(entry.lastOwner).idle += more;
      } else {
        all.held += more;
        entry.holders.keySet().forEach(owner -> account(owner).held += more);
      }
    }
  }

  /** A queue that lingered is watched no longer. */
  public void forget(QueueName queue) {
    Entry entry = entry(queue);
    takeUp(entry);
    entries.remove(queue);
  }

  /** How many shards are watched, by anybody or nobody. */
  public int count() {
    return all.held + all.idle;
  }

  private boolean evict(Account from) {
    if (from.lingering.isEmpty()) {
      return false;
    }
    QueueName oldest = from.lingering.iterator().next().queue;
    forget(oldest);
    giveWay.accept(oldest);
    return true;
  }

  /** It lingers no longer, if it did. */
  private void takeUp(Entry entry) {
    if (all.lingering.contains(entry)) {
      all.takeUp(entry);
      account(entry.lastOwner).takeUp(entry);
      forgetIfEmpty(entry.lastOwner);
    }
  }

  private Account account(long owner) {
    return owners.computeIfAbsent(owner, name -> new Account());
  }

  private void forgetIfEmpty(long owner) {
    if (account(owner).isEmpty()) {
      owners.remove(owner);
    }
  }

  private Entry entry(QueueName queue) {
    Entry entry = entries.get(queue);
    if (entry == null) {
      throw new IllegalStateException("a queue that is not watched: " + queue);
    }
    return entry;
  }
}
