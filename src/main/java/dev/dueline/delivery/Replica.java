package dev.dueline.delivery;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.redisstream.RedisStreamQueues;
import dev.dueline.delivery.shard.ShardLoops;
import dev.dueline.delivery.watch.ClaimLoops;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** One replica, as far as it delivers: the parts of delivery, put together. */
public final class Replica {
  private final Leases leases;
  private final Watchers watchers;
  private final RedisStreamQueues redisStreams;

  /** What delivery asks of the store. */
  public record Ports(
      JobStore jobs,
      QueueStore operations,
      RedisStreamStore streams,
      QueueDirectory directory,
      Announcements announcements) {}

  /**
   * Delivers nothing yet.
   *
   * @param timeout how long the store is waited for
   */
  public Replica(Ports store, Duration timeout, DeliveryContext context) {
    Holders holders = new Holders(context.replica(), store.announcements);
    leases = new Leases(store.jobs, holders, ThreadLocalRandom::current, context.observer());
    ShardLoops loops = new ShardLoops(store.jobs, store.announcements, holders, context);
    ClaimLoops claims = new ClaimLoops(store.jobs, timeout, loops, context);
    watchers = new Watchers(store.directory, store.operations, claims, leases, holders, context);
    redisStreams = new RedisStreamQueues(store.streams, store.directory, loops, context);
  }

  /** What clients say of leases. */
  public Leases leases() {
    return leases;
  }

  /** Those that jobs go to here. */
  public Watchers watchers() {
    return watchers;
  }

  /** The queues whose jobs go to Redis Streams; to be begun. */
  public RedisStreamQueues redisStreams() {
    return redisStreams;
  }
}
