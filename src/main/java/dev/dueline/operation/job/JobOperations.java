package dev.dueline.operation.job;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.QueueDirectory;

/** What callers do with jobs. Thread-safe; nothing happens before a Uni is subscribed. */
public record JobOperations(Schedule schedule, Cancel cancel, Jobs jobs, Pull pull, Leases leases) {

  /** Operations on the jobs that a store keeps for the queues of a directory. */
  public static JobOperations of(
      QueueDirectory directory, JobStore store, Leases leases, Pull.Source due) {
    return new JobOperations(
        new Schedule(directory, store),
        new Cancel(directory, store, leases),
        new Jobs(directory, store),
        new Pull(due, store),
        leases);
  }
}
