package dev.dueline.delivery;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Housekeeping;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.presence.Presences;
import dev.dueline.delivery.redisstream.RedisStreamQueues;
import dev.dueline.delivery.shard.ShardLoops;
import dev.dueline.delivery.watch.ClaimLoops;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.RedisStreamStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** One replica, as far as it delivers: the parts of delivery, put together. */
public final class Replica {
  private final Leases leases;
  private final ShardLoops loops;
  private final Watchers watchers;
  private final RedisStreamQueues redisStreams;
  private final Housekeeping housekeeping;

  /** What delivery asks of the store. */
  public record Ports(
      JobStore jobs,
      QueueStore operations,
      RedisStreamStore streams,
      QueueDirectory directory,
      QueueTurns turns,
      Announcements announcements) {}

  /**
   * What an operator sets.
   *
   * @param timeout how long the store is waited for
   * @param idleCalls calls of the store a second that this replica makes for queues where nothing
   *     happens, at least {@value #LEAST_IDLE_CALLS}
   * @param idleTtl after which a queue that nobody uses is deleted, a minute at least; 0: none is
   * @param watches shards that watchers have this replica listen to
   */
  public record Settings(Duration timeout, int idleCalls, Duration idleTtl, WatchLimits watches) {
    private static final int LEAST_IDLE_CALLS = 5;

    /** Longer than it takes until replicas have told who watches. */
    private static final Duration LEAST_IDLE_TTL = Duration.ofMinutes(1);

    public Settings {
      if (idleCalls < LEAST_IDLE_CALLS) {
        throw new IllegalArgumentException("idle calls a second: " + idleCalls);
      }
      if (!idleTtl.isZero() && idleTtl.compareTo(LEAST_IDLE_TTL) < 0) {
        throw new IllegalArgumentException(
            "dueline.queues.idle-ttl: 1m or more, or 0, not " + idleTtl);
      }
    }

    /** For telling how many watch: only people look at it. */
    private int presences() {
      return idleCalls / LEAST_IDLE_CALLS;
    }

    /** For finding jobs whose announcement was lost. */
    private int backstops() {
      return idleCalls - presences();
    }
  }

  /** Delivers nothing yet. */
  public Replica(Ports store, Settings settings, DeliveryContext context) {
    Holders holders = new Holders(context.replica(), store.announcements);
    store.jobs.onRanOut(leases -> holders.ended(leases, LeaseEnd.EXPIRED));
    leases = new Leases(store.jobs, holders, ThreadLocalRandom::current, context.observer());
    loops = new ShardLoops(store.jobs, store.announcements, settings.backstops(), context);
    ClaimLoops claims = new ClaimLoops(store.jobs, settings.timeout, loops, context);
    Presences presences = new Presences(store.operations, settings.presences(), context);
    watchers =
        new Watchers(
            store.directory, presences, claims, leases, holders, settings.watches, context);
    redisStreams = new RedisStreamQueues(store.streams, store.directory, loops, context);
    housekeeping =
        new Housekeeping(
            store.jobs,
            store.directory,
            store.turns,
            loops.quiet()::contains,
            settings.idleTtl,
            context);
    loops.onStep(housekeeping::clockStepped);
  }

  /** Sees from now on to what delivery relies on. Any thread. */
  public void begin() {
    loops.begin();
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

  /** Its share of looking after all queues; to be begun. */
  public Housekeeping housekeeping() {
    return housekeeping;
  }
}
