package dev.dueline.delivery.watch;

import dev.dueline.job.QueueName;
import dev.dueline.job.lease.LeaseId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Who waits for jobs at one replica, at one moment.
 *
 * @param queues those that are listened to
 * @param replica which it is
 * @param watchers the numbers of those whose streams are open, and whether it extends their leases
 */
public record Demand(Map<QueueName, OfQueue> queues, long replica, Map<Integer, Boolean> watchers) {

  /**
   * Who waits for the jobs of one queue.
   *
   * @param room jobs that go to somebody if they are due now, or that claims under way are for
   * @param hasPull whether one of those who wait takes one answer, and may come again for the next
   * @param untilProbe when one that let leases run out may have a job again, where all of them did;
   *     empty: none has, or there is room
   */
  public record OfQueue(int room, boolean hasPull, Optional<Duration> untilProbe) {
    /** Of a queue that nobody here waits for. */
    public static final OfQueue NOBODY = new OfQueue(0, false, Optional.empty());
  }

  /** Who waits for the jobs of a queue. */
  public OfQueue of(QueueName queue) {
    return queues.getOrDefault(queue, OfQueue.NOBODY);
  }

  /** Whether whoever holds a lease has an open stream here. */
  public boolean isConnected(LeaseId lease) {
    return lease.replica() == replica && watchers.containsKey(lease.watcher());
  }

  /** Whether a lease does not run out while this replica can extend it. */
  public boolean isExtended(LeaseId lease) {
    return lease.replica() == replica && watchers.getOrDefault(lease.watcher(), false);
  }
}
