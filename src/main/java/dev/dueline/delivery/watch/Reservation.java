package dev.dueline.delivery.watch;

import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Delivery;
import dev.dueline.store.Slots;
import java.util.ArrayList;
import java.util.List;

/** Credit that is set aside for a claim under way, so that no other claim counts on it. */
final class Reservation {
  private final List<Watcher> watchers;
  private final List<Slots.Holder> holders;
  private final List<Integer> order;

  /** Sets the credit aside; the order names watchers by their place in the list. */
  Reservation(long replica, List<Watcher> watchers, List<Integer> order) {
    this.watchers = watchers;
    this.holders = watchers.stream().map(watcher -> watcher.holder(replica)).toList();
    this.order = order;
    order.forEach(place -> watchers.get(place).reserve());
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  /** What a claim asks for. */
  Slots slots(long salt, long deadlineMs) {
    return new Slots(holders, order, salt, deadlineMs);
  }

  List<Watcher> watchers() {
    return watchers;
  }

  /** Gives the credit back, and each job to its watcher. */
  void settle(List<Delivery> deliveries, StoreClock clock) {
    List<List<Delivery>> shares = new ArrayList<>();
    watchers.forEach(watcher -> shares.add(new ArrayList<>()));
    for (int i = 0; i < order.size(); i++) {
      int place = order.get(i);
      watchers.get(place).unreserve();
      if (i < deliveries.size()) {
        shares.get(place).add(deliveries.get(i));
      }
    }
    for (int place = 0; place < shares.size(); place++) {
      watchers.get(place).accept(shares.get(place), clock);
    }
  }
}
