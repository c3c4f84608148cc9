package dev.dueline.store;

import dev.dueline.job.QueueName;

/** Hears what a store does: metrics listen here. Any thread; must not block. */
public interface StoreObserver {
  /** An observer that does nothing. */
  StoreObserver NONE = new StoreObserver() {};

  /**
   * A call of the store is over.
   *
   * @param call its verb, one of a few
   * @param tookNanos from when it was sent until its reply, or failure, was there
   */
  default void called(String call, long tookNanos) {}

  /**
   * Leases of a queue ran out and were ended, and jobs, or runs of jobs that recur, were dropped
   * because their ttl had passed; without those that a claim or a feed drops, and tells.
   */
  default void expired(QueueName queue, int leases, int jobs) {}

  /**
   * Calls of clients went out together.
   *
   * @param call their verb, one of a few
   * @param items of all of them
   */
  default void merged(String call, int items) {}
}
