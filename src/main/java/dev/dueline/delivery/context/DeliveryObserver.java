package dev.dueline.delivery.context;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Fed;
import java.time.Duration;
import java.util.Map;

/** Hears what delivery does: metrics, logs and tests listen here. Called on the event loop. */
public interface DeliveryObserver {
  /** An observer that does nothing. */
  DeliveryObserver NONE = new DeliveryObserver() {};

  /** A claim came back. */
  default void claimed(Shard shard, WakeSource source, Claim claim) {}

  /** A job, redelivered or not, was written to its sink, this long after it was due. */
  default void written(Delivery job, long latenessNanos) {}

  /** Leases were lost: what a client said of them came too late. Any thread. */
  default void leasesLost(QueueName queue, int leases) {}

  /** Due jobs went to the Redis Stream of a shard. */
  default void fed(Shard shard, WakeSource source, Fed fed) {}

  /** Whether the jobs of a shard go to a Redis Stream has changed, as far as this replica knows. */
  default void redisStreamChanged(Shard shard, RedisStreamState before, RedisStreamState now) {}

  /** The backstop found jobs that nothing had announced: an announcement was lost. */
  default void backstopFoundOverdue(Shard shard, int jobs) {}

  /** A replica found that the clock of a server went forward by more than time passed, or back. */
  default void storeClockStepped(long replica, String server, Duration by) {}

  /** This replica deleted a queue that nobody had used for a time. */
  default void idleQueueDeleted(QueueName queue) {}

  /** This replica began to look after no queues, since it gets no turn. */
  default void housekeepingFailed(Throwable failure) {}

  /** It looks after queues again. */
  default void housekeepingRecovered() {}

  /** The store began to fail for this shard. */
  default void storeFailed(Shard shard, Throwable failure) {}

  /** The store answers for this shard again, or nobody watches it any longer. */
  default void storeRecovered(Shard shard) {}

  /** A call that gives jobs back or keeps them failed; their leases will run out instead. */
  default void leaseCallFailed(Throwable failure) {}

  /** A step of a sweep repaired something: how many of each kind. */
  default void repaired(Shard shard, Map<Inconsistency, Integer> repaired) {}

  /** A pass is over in which this replica repaired something: how many of each kind. */
  default void swept(Shard shard, Map<Inconsistency, Integer> repaired) {}
}
