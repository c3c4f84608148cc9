package dev.dueline.delivery.redisstream;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.shard.Sweeper;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.QueueName;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The queues that are delivered to streams: learns of them within a second, and feeds each of their
 * shards, with no watcher connected. Which queues to look at is only a hint, which a failover may
 * lose; a queue that goes, while its shards still say that they are delivered to streams, is put
 * back.
 */
public final class RedisStreamQueues {
  private static final Duration LOOK = Duration.ofMillis(900);

  private final DeliveryContext context;
  private final QueueDirectory directory;
  private final Leases leases;
  private final Sweeper sweeper;
  private final Alarm alarm;
  private final Map<QueueName, Feeding> queues = new HashMap<>();
  private boolean isClosed;

  /** Looks at nothing yet. */
  public RedisStreamQueues(DeliveryContext context, QueueDirectory directory, Leases leases) {
    this.context = context;
    this.directory = directory;
    this.leases = leases;
    this.sweeper = new Sweeper(context);
    this.alarm = new Alarm(context.loop());
  }

  /** A queue that is fed here. */
  private static final class Feeding {
    private final QueueLayout layout;
    private final List<RedisStreamFeeder> feeders;

    /** Whether it was not among the queues to look at, the last time. */
    private boolean isMissing;

    Feeding(QueueLayout layout, List<RedisStreamFeeder> feeders) {
      this.layout = layout;
      this.feeders = feeders;
    }
  }

  /** Feeds from now on. Any thread. */
  public void begin() {
    context.loop().execute(this::look);
  }

  /** Feeds no more. Any thread. */
  public void close() {
    context
        .loop()
        .execute(
            () -> {
              isClosed = true;
              alarm.cancel();
              List.copyOf(queues.values()).forEach(this::forget);
            });
  }

  private void look() {
    context
        .streams()
        .queues()
        .subscribe()
        .with(
            names -> context.loop().execute(() -> found(names)),
            away -> context.loop().execute(this::rest));
  }

  private void rest() {
    if (!isClosed) {
      double part = 0.5 + context.random().nextDouble() / 2;
      alarm.set(Duration.ofNanos(Math.round(LOOK.toNanos() * part)), this::look);
    }
  }

  private void found(Set<QueueName> names) {
    Set<QueueName> fresh = new HashSet<>(names);
    fresh.removeAll(queues.keySet());
    fresh.forEach(this::add);
    for (Feeding queue : List.copyOf(queues.values())) {
      if (names.contains(queue.layout.queue())) {
        queue.isMissing = false;
      } else if (queue.feeders.stream().noneMatch(RedisStreamFeeder::isStream)) {
        forget(queue);
      } else if (queue.isMissing) {
        context.streams().enter(queue.layout.queue()).subscribe().with(done -> {}, away -> {});
      } else {
        // Its shards are asked at least as often as this: next time they have told the latest.
        queue.isMissing = true;
      }
    }
    rest();
  }

  private void add(QueueName name) {
    directory
        .layout(name)
        .subscribe()
        .with(layout -> context.loop().execute(() -> feed(layout)), away -> {});
  }

  private void feed(QueueLayout layout) {
    if (!isClosed && !queues.containsKey(layout.queue())) {
      layout.shards().forEach(sweeper::add);
      List<RedisStreamFeeder> feeders =
          layout.shards().stream()
              .map(shard -> new RedisStreamFeeder(shard, context, leases, sweeper))
              .toList();
      queues.put(layout.queue(), new Feeding(layout, feeders));
    }
  }

  private void forget(Feeding queue) {
    queue.feeders.forEach(RedisStreamFeeder::close);
    queue.layout.shards().forEach(sweeper::remove);
    queues.remove(queue.layout.queue());
  }
}
