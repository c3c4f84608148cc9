package dev.dueline.delivery.redisstream;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.WakeSource;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.shard.ShardLoops;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.RedisStreamStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The queues that are delivered to Redis Streams: learns of them within a second, and feeds each of
 * their shards, with no watcher connected. Which queues to look at is only a hint, which a failover
 * may lose; a queue that goes, while its shards still say that they are delivered to Redis Streams,
 * is put back.
 */
public final class RedisStreamQueues {
  private static final Duration LOOK = Duration.ofMillis(900);

  private final RedisStreamStore store;
  private final QueueDirectory directory;
  private final ShardLoops loops;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Map<QueueName, FedQueue> queues = new HashMap<>();
  private boolean isClosed;

  /** Looks at nothing yet. */
  public RedisStreamQueues(
      RedisStreamStore store, QueueDirectory directory, ShardLoops loops, DeliveryContext context) {
    this.store = store;
    this.directory = directory;
    this.loops = loops;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** A queue that is fed here. */
  private static final class FedQueue {
    private final QueueName name;
    private final List<FedShard> shards;

    /** Whether it was not among the queues to look at, the last time. */
    private boolean isMissing;

    FedQueue(QueueName name, List<FedShard> shards) {
      this.name = name;
      this.shards = shards;
    }

    boolean isStale() {
      return shards.stream().anyMatch(shard -> shard.outlet.isStale());
    }

    boolean isWanted() {
      return shards.stream().anyMatch(shard -> shard.outlet.isWanted());
    }
  }

  private record FedShard(ShardLoop loop, RedisStreamOutlet outlet) {}

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
    context.call(store.queues(), this::found, away -> rest());
  }

  private void rest() {
    if (!isClosed) {
      alarm.set(context.jittered(LOOK), this::look);
    }
  }

  private void found(Set<QueueName> names) {
    Set<QueueName> fresh = new HashSet<>(names);
    fresh.removeAll(queues.keySet());
    fresh.forEach(this::add);
    for (FedQueue queue : List.copyOf(queues.values())) {
      if (queue.isStale()) {
        // What is there now is found at the next look, if it is to be fed.
        forget(queue);
      } else if (names.contains(queue.name)) {
        queue.isMissing = false;
      } else if (!queue.isWanted()) {
        forget(queue);
      } else if (queue.isMissing) {
        store.enter(queue.name).subscribe().with(done -> {}, away -> {});
      } else {
        // Next time its shards have told the latest.
        queue.isMissing = true;
        queue.shards.forEach(shard -> shard.loop.wake(WakeSource.LISTENING));
      }
    }
    rest();
  }

  private void add(QueueName name) {
    context.call(directory.find(name), found -> found.ifPresent(this::feed), away -> {});
  }

  private void feed(QueueLayout layout) {
    if (!isClosed && !queues.containsKey(layout.queue())) {
      List<FedShard> shards = layout.shards().stream().map(this::open).toList();
      queues.put(layout.queue(), new FedQueue(layout.queue(), shards));
    }
  }

  private FedShard open(Shard shard) {
    RedisStreamOutlet outlet = new RedisStreamOutlet(shard, store, context.observer());
    ShardLoop loop = loops.open(shard, new StoreClock(context.loop()), outlet);
    loop.resume();
    return new FedShard(loop, outlet);
  }

  private void forget(FedQueue queue) {
    queue.shards.forEach(shard -> shard.loop.close());
    queues.remove(queue.name);
  }
}
