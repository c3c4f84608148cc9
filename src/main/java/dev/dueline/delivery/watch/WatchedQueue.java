package dev.dueline.delivery.watch;

import dev.dueline.delivery.presence.Presence;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueLayout;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A queue that watchers of this replica want, or wanted until lately: its shards are listened to
 * meanwhile.
 */
final class WatchedQueue {
  /** How long a queue stays listened to after its last watcher left. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final QueueName name;
  private final Function<QueueLayout, Shards> opener;
  private final Dispatcher dispatcher;
  private final Runnable onAbandoned;
  private final Alarm linger;
  private Shards shards;

  /**
   * What is open of a queue.
   *
   * @param loops one a shard, in their order
   * @param presence kept by the first shard
   */
  record Shards(QueueLayout layout, List<ShardLoop> loops, Presence presence) {
    void close() {
      presence.close();
      loops.forEach(ShardLoop::close);
    }
  }

  /**
   * A queue without watchers yet, which is kept until it lingers.
   *
   * @param opener opens the shards of a layout
   * @param onAbandoned called when it had no watcher for a while, and is closed
   */
  WatchedQueue(
      QueueLayout layout,
      Function<QueueLayout, Shards> opener,
      Dispatcher dispatcher,
      EventLoop loop,
      Runnable onAbandoned) {
    this.name = layout.queue();
    this.opener = opener;
    this.dispatcher = dispatcher;
    this.onAbandoned = onAbandoned;
    this.linger = new Alarm(loop);
    this.shards = opener.apply(layout);
    dispatcher.open(name, shards.loops);
  }

  /** The queue has this layout, which may be another than before. */
  void has(QueueLayout layout) {
    if (!layout.equals(shards.layout)) {
      Shards before = shards;
      shards = opener.apply(layout);
      dispatcher.reopen(name, shards.loops);
      before.close();
      shards.presence.changed(longLived(dispatcher.watchers(name)));
    }
  }

  QueueName name() {
    return name;
  }

  /** A watcher has come or gone. */
  void changed(Watcher watcher) {
    if (watcher.sink().isLongLived()) {
      shards.presence.changed(longLived(dispatcher.watchers(name)));
    }
  }

  /** Somebody wants it, from now on until it lingers. */
  void keep() {
    linger.cancel();
  }

  /** Nobody wants it any longer. */
  void linger() {
    linger.set(LINGER, this::abandon);
  }

  Watchers.Census census() {
    List<Watcher> watchers = dispatcher.watchers(name);
    return new Watchers.Census(watchers.size(), watchers.stream().mapToInt(Watcher::credit).sum());
  }

  Demand.OfQueue demand() {
    List<Watcher> watchers = dispatcher.watchers(name);
    int room = watchers.stream().mapToInt(each -> each.credit() + each.reserved()).sum();
    return new Demand.OfQueue(
        room,
        watchers.stream().anyMatch(each -> !each.sink().isLongLived()),
        room > 0
            ? Optional.empty()
            : watchers.stream()
                .flatMap(each -> each.untilProbe().stream())
                .min(Comparator.naturalOrder()));
  }

  void close() {
    linger.cancel();
    shards.close();
    dispatcher.close(name);
  }

  private void abandon() {
    close();
    onAbandoned.run();
  }

  private static int longLived(List<Watcher> watchers) {
    return (int) watchers.stream().filter(each -> each.sink().isLongLived()).count();
  }
}
