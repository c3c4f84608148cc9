package dev.dueline.delivery.watch;

import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import java.time.Duration;
import java.util.List;

/**
 * A queue that watchers of this replica want, or wanted until lately: its shards are listened to
 * meanwhile.
 */
final class WatchedQueue {
  /** How long a queue stays listened to after its last watcher left. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final QueueName name;
  private final List<ShardLoop> loops;
  private final Dispatcher dispatcher;
  private final Presence presence;
  private final Runnable onAbandoned;
  private final Alarm linger;

  /**
   * A queue without watchers yet.
   *
   * @param onAbandoned called when it had no watcher for a while, and is closed
   */
  WatchedQueue(
      QueueName name,
      List<ShardLoop> loops,
      Dispatcher dispatcher,
      Presence presence,
      EventLoop loop,
      Runnable onAbandoned) {
    this.name = name;
    this.loops = loops;
    this.dispatcher = dispatcher;
    this.presence = presence;
    this.onAbandoned = onAbandoned;
    this.linger = new Alarm(loop);
    dispatcher.open(name, loops);
    linger.set(LINGER, this::abandon);
  }

  /** A watcher has come or gone. */
  void changed(Watcher watcher) {
    List<Watcher> watchers = dispatcher.watchers(name);
    if (watcher.sink().isLongLived()) {
      presence.changed(longLived(watchers));
    }
    if (watchers.isEmpty()) {
      linger.set(LINGER, this::abandon);
    } else {
      linger.cancel();
    }
  }

  Watchers.Census census() {
    List<Watcher> watchers = dispatcher.watchers(name);
    return new Watchers.Census(
        longLived(watchers), watchers.stream().mapToInt(Watcher::credit).sum());
  }

  void close() {
    linger.cancel();
    presence.close();
    loops.forEach(ShardLoop::close);
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
