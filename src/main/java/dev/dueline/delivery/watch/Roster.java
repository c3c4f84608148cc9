package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.limit.WatchedShards;
import dev.dueline.delivery.presence.Presences;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherState;
import dev.dueline.store.queue.QueueLayout;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Who is connected to this replica, and the queues that they watch. */
final class Roster {
  private final Presences presences;
  private final ClaimLoops claims;
  private final Leases leases;
  private final DeliveryContext context;
  private final Dispatcher dispatcher;
  private final WatchedShards shards;
  private final Map<QueueName, WatchedQueue> queues = new HashMap<>();
  private final Map<Integer, Watcher> watchers = new HashMap<>();
  private int lastNumber;
  private Runnable onEmpty = () -> {};

  /** Nobody yet. */
  Roster(
      Presences presences,
      ClaimLoops claims,
      Leases leases,
      WatchLimits limits,
      DeliveryContext context) {
    this.presences = presences;
    this.claims = claims;
    this.leases = leases;
    this.context = context;
    this.dispatcher = new Dispatcher(context.replica());
    this.shards = new WatchedShards(limits, this::giveWay);
  }

  /** Fails with {@link TooManyShardsException} where {@link #add} would now. */
  void check(WatchSpec spec, List<QueueLayout> layouts) {
    shards.check(spec.owner(), layouts);
  }

  /**
   * Adds a watcher of these queues, which are listened to from now on; it takes no jobs before it
   * begins. Fails with {@link TooManyShardsException}.
   */
  Watcher add(WatchSpec spec, List<QueueLayout> layouts, WatcherSink sink) {
    shards.hold(spec.owner(), layouts);
    layouts.forEach(layout -> watched(layout).keep());
    RandomGenerator random = context.random();
    WatchToken token =
        new WatchToken(
            context.replica(), ++lastNumber, random.nextLong(), random.nextLong(), spec.owner());
    Watcher watcher = new Watcher(token, spec, sink, leases, context);
    watcher.onSettled(() -> endIfDone(watcher));
    watcher.onCredit(() -> dispatcher.offer(watcher));
    watchers.put(watcher.number(), watcher);
    return watcher;
  }

  /** Has a watcher take jobs of its queues, unless it has gone again. */
  void begin(Watcher watcher) {
    if (watchers.containsKey(watcher.number())) {
      dispatcher.add(watcher);
      watched(watcher).forEach(queue -> queue.changed(watcher));
    }
  }

  /** Calls back when a queue turns out to have other shards than it was opened with. */
  void onStale(Consumer<QueueName> callback) {
    dispatcher.onStale(callback);
  }

  /** A queue has this layout, which may be another than before. */
  void has(QueueLayout layout) {
    WatchedQueue queue = queues.get(layout.queue());
    if (queue != null) {
      shards.has(layout);
      queue.has(layout);
    }
  }

  /** The loops of queues that are watched. */
  List<ShardLoop> loops(List<QueueName> names) {
    return names.stream().flatMap(name -> dispatcher.loops(name).stream()).toList();
  }

  /** Who holds a lease; empty: it is of another replica, or its watcher has gone. */
  Optional<Watcher> holder(LeaseToken lease) {
    LeaseId id = lease.lease().leaseId();
    return id.replica() == context.replica()
        ? Optional.ofNullable(watchers.get(id.watcher()))
        : Optional.empty();
  }

  /** The watcher of a token; empty: it has gone, or never was. */
  Optional<Watcher> find(WatchToken token) {
    return Optional.ofNullable(watchers.get(token.watcher()))
        .filter(watcher -> watcher.token().equals(token));
  }

  List<Watcher> all() {
    return List.copyOf(watchers.values());
  }

  /** A watcher may have credit again. */
  void offer(Watcher watcher) {
    dispatcher.offer(watcher);
  }

  /** A watcher that takes no more jobs ends once nothing is out, or after a time. */
  void leave(Watcher watcher, Duration max) {
    if (watchers.containsKey(watcher.number())) {
      watcher.endWithin(max, () -> end(watcher));
      endIfDone(watcher);
    }
  }

  private void endIfDone(Watcher watcher) {
    if (watcher.isDone()) {
      end(watcher);
    }
  }

  /** Ends a stream: first its client is told, then others get its jobs. */
  private void end(Watcher watcher) {
    if (watchers.containsKey(watcher.number())) {
      watcher.endStream();
      remove(watcher);
    }
  }

  /** The stream of a watcher is gone. */
  void remove(Watcher watcher) {
    if (watchers.remove(watcher.number()) != null) {
      watcher.close();
      dispatcher.remove(watcher);
      shards.release(watcher.spec().owner(), watcher.queues());
      for (WatchedQueue queue : watched(watcher)) {
        queue.changed(watcher);
        if (!shards.isHeld(queue.name())) {
          queue.linger();
        }
      }
      checkEmpty();
    }
  }

  /** Calls back once nobody is left: at once, if nobody is there. */
  void onEmpty(Runnable callback) {
    onEmpty = callback;
    checkEmpty();
  }

  /** Those that watch a queue and have a higher number, in the order of their numbers. */
  Stream<WatcherState> states(QueueName name, int after) {
    return dispatcher.watchers(name).stream()
        .filter(watcher -> watcher.number() > after && watcher.sink().isLongLived())
        .sorted(Comparator.comparingInt(Watcher::number))
        .map(Watcher::state);
  }

  Map<QueueName, Watchers.Census> census() {
    Map<QueueName, Watchers.Census> all = new HashMap<>();
    queues.forEach((name, queue) -> all.put(name, queue.census()));
    return all;
  }

  Demand demand() {
    Map<QueueName, Demand.OfQueue> all = new HashMap<>();
    queues.forEach((name, queue) -> all.put(name, queue.demand()));
    Map<Integer, Boolean> streams = new HashMap<>();
    watchers.values().stream()
        .filter(watcher -> watcher.sink().isLongLived())
        .forEach(watcher -> streams.put(watcher.number(), watcher.spec().isAutoExtending()));
    return new Demand(all, context.replica(), streams);
  }

  /** Looks after no queue any longer. */
  void close() {
    onEmpty = () -> {};
    List.copyOf(queues.values()).forEach(WatchedQueue::close);
    queues.clear();
  }

  private void checkEmpty() {
    if (watchers.isEmpty()) {
      onEmpty.run();
    }
  }

  private WatchedQueue watched(QueueLayout layout) {
    WatchedQueue queue =
        queues.computeIfAbsent(
            layout.queue(),
            name ->
                new WatchedQueue(
                    layout, this::open, dispatcher, context.loop(), () -> abandon(name)));
    queue.has(layout);
    return queue;
  }

  private List<WatchedQueue> watched(Watcher watcher) {
    return watcher.queues().stream().map(queues::get).filter(Objects::nonNull).toList();
  }

  /** It lingered long enough. */
  private void abandon(QueueName name) {
    shards.forget(name);
    queues.remove(name);
  }

  /** It lingers, and others want its place. */
  private void giveWay(QueueName name) {
    WatchedQueue queue = queues.remove(name);
    if (queue != null) {
      queue.close();
    }
  }

  private WatchedQueue.Shards open(QueueLayout layout) {
    return new WatchedQueue.Shards(
        layout, claims.open(layout, dispatcher), presences.of(layout.shards().get(0)));
  }
}
