package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.observer.WakeSource;
import dev.dueline.delivery.shard.Sweeper;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.QueueLayout;
import java.util.ArrayList;
import java.util.List;

/** A queue that watchers of this replica want: who gets the next job of any of its shards. */
final class WatchedQueue {
  private final QueueName name;
  private final DeliveryContext context;
  private final Runnable onAbandoned;
  private final Alarm linger;
  private final List<Poller> pollers;
  private final Presence presence;
  private final List<Watcher> watchers = new ArrayList<>();
  private int nextWatcher;
  private int nextPoller;

  /**
   * A queue without watchers yet.
   *
   * @param onAbandoned called when it had no watcher for a while, and is closed
   */
  WatchedQueue(
      QueueLayout layout,
      DeliveryContext context,
      Leases leases,
      Sweeper sweeper,
      Runnable onAbandoned) {
    this.name = layout.queue();
    this.context = context;
    this.onAbandoned = onAbandoned;
    this.linger = new Alarm(context.loop());
    this.pollers = new ArrayList<>();
    this.presence = new Presence(layout.shards().get(0), context);
    for (Shard shard : layout.shards()) {
      pollers.add(new Poller(shard, this, context, leases, sweeper));
    }
    linger.set(context.settings().linger(), this::abandon);
  }

  void add(Watcher watcher) {
    linger.cancel();
    watchers.add(watcher);
    tellPresence(watcher);
    pollers.forEach(poller -> poller.wake(WakeSource.CREDIT));
  }

  void remove(Watcher watcher) {
    if (!watchers.remove(watcher)) {
      return;
    }
    tellPresence(watcher);
    if (watchers.isEmpty()) {
      pollers.forEach(Poller::rest);
      linger.set(context.settings().linger(), this::abandon);
    }
  }

  private void tellPresence(Watcher changed) {
    if (changed.sink().isStream()) {
      presence.changed((int) watchers.stream().filter(each -> each.sink().isStream()).count());
    }
  }

  /** Its jobs go to a stream: nobody can watch it. */
  void refuse() {
    RedisStreamQueueException refusal = new RedisStreamQueueException(name);
    List.copyOf(watchers).forEach(watcher -> watcher.sink().refused(refusal));
  }

  Watchers.Census census() {
    int streams = (int) watchers.stream().filter(each -> each.sink().isStream()).count();
    return new Watchers.Census(streams, watchers.stream().mapToInt(Watcher::credit).sum());
  }

  boolean hasWatchers() {
    return !watchers.isEmpty();
  }

  List<Poller> pollers() {
    return pollers;
  }

  /** Whether due jobs are known to wait in any shard. */
  boolean isHungry() {
    return pollers.stream().anyMatch(Poller::isHungry);
  }

  /**
   * Sets credit aside for a claim: one slot a watcher, round after round, from the watcher after
   * the one that came last. A watcher for which an earlier queue has due jobs is passed over.
   */
  Reservation reserve(int cap) {
    List<Watcher> able = new ArrayList<>();
    List<Integer> credits = new ArrayList<>();
    int left = 0;
    for (int i = 0; i < watchers.size() && left < cap; i++) {
      Watcher watcher = watchers.get((nextWatcher + i) % watchers.size());
      int credit = watcher.credit();
      if (credit > 0 && !prefersAnother(watcher)) {
        able.add(watcher);
        credits.add(credit);
        left += 1;
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int round = 0, added = -1; added != 0 && order.size() < cap; round++) {
      added = 0;
      for (int i = 0; i < able.size() && order.size() < cap; i++) {
        if (credits.get(i) > round) {
          order.add(i);
          added++;
        }
      }
    }
    if (!order.isEmpty()) {
      Watcher last = able.get(order.get(order.size() - 1));
      nextWatcher = (watchers.indexOf(last) + 1) % watchers.size();
    }
    return new Reservation(context.replica(), able, order);
  }

  /** A claim is over: these watchers may have credit for other shards and queues. */
  void offerCredit(List<Watcher> settled) {
    settled.forEach(Watcher::offerCredit);
    if (!isHungry()) {
      for (Watcher watcher : List.copyOf(watchers)) {
        if (watcher.queues().size() > 1) {
          watcher.offerCredit();
        }
      }
    }
  }

  /** Wakes the pollers that wait for credit, from the one after the one that came last. */
  void wakeStarved() {
    nextPoller = (nextPoller + 1) % pollers.size();
    for (int i = 0; i < pollers.size(); i++) {
      Poller poller = pollers.get((nextPoller + i) % pollers.size());
      if (poller.isStarved()) {
        poller.wake(WakeSource.CREDIT);
      }
    }
  }

  void close() {
    linger.cancel();
    presence.close();
    pollers.forEach(Poller::close);
  }

  private void abandon() {
    close();
    onAbandoned.run();
  }

  private boolean prefersAnother(Watcher watcher) {
    for (WatchedQueue earlier : watcher.queues()) {
      if (earlier == this) {
        return false;
      }
      if (earlier.isHungry()) {
        return true;
      }
    }
    return false;
  }
}
